import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { Button } from './button.tsx';
import { Checkbox } from './checkbox.tsx';
import { PasswordField } from './password-field.tsx';
import { RadioGroup } from './radio-group.tsx';
import { SearchBox } from './search-box.tsx';
import { Select } from './select.tsx';
import { Switch } from './switch.tsx';
import { TextArea } from './text-area.tsx';
import { TextField } from './text-field.tsx';

function description(element: HTMLElement): string {
  return (element.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? `missing ${id}`)
    .join(' ');
}

describe('a text field', () => {
  test('is named by its label, described by its help, and says why it is not accepted', () => {
    const { rerender } = render(<TextField label="Email" description="We never show it." />);
    const field = screen.getByRole('textbox', { name: 'Email' });
    expect(description(field)).toBe('We never show it.');
    expect(field.hasAttribute('aria-invalid')).toBe(false);
    rerender(<TextField label="Email" description="We never show it." error="That is taken." />);
    expect(description(field)).toBe('That is taken. We never show it.');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('alert').textContent).toBe('That is taken.');
  });

  test('of several lines and a list of choices are named the same way', () => {
    render(
      <>
        <TextArea label="About" />
        <Select label="Microphone device">
          <option>Headset</option>
        </Select>
      </>,
    );
    expect(screen.getByRole('textbox', { name: 'About' }).tagName).toBe('TEXTAREA');
    expect(screen.getByRole('combobox', { name: 'Microphone device' })).toBeTruthy();
  });
});

test('a password is found by its label alone, hidden until one asks to see it', async () => {
  const user = userEvent.setup();
  render(<PasswordField autoComplete="current-password" />);
  const field = screen.getByLabelText<HTMLInputElement>(/password/i);
  expect(field.type).toBe('password');
  const toggle = screen.getByRole('button', { name: 'Show password', pressed: false });
  await user.click(toggle);
  expect(field.type).toBe('text');
  expect(screen.getByRole('button', { name: 'Show password', pressed: true })).toBe(toggle);
});

describe('a search box', () => {
  function Searching({ onEscape = () => undefined }: { onEscape?: () => void }) {
    const [value, setValue] = useState('');
    return (
      <div role="presentation" onKeyDown={(event) => event.key === 'Escape' && onEscape()}>
        <SearchBox label="Search messages" value={value} onValueChange={setValue} />
      </div>
    );
  }

  test('is emptied by its button, which gives the focus back', async () => {
    const user = userEvent.setup();
    render(<Searching />);
    const box = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search messages' });
    expect(screen.queryByRole('button')).toBeNull();
    await user.type(box, 'tea');
    await user.click(screen.getByRole('button', { name: 'Clear search' }));
    expect(box.value).toBe('');
    expect(document.activeElement).toBe(box);
  });

  test('takes the first Escape for itself and lets the second pass', async () => {
    const user = userEvent.setup();
    const onEscape = vi.fn();
    render(<Searching onEscape={onEscape} />);
    const box = screen.getByRole<HTMLInputElement>('searchbox');
    await user.type(box, 'tea{Escape}');
    expect(box.value).toBe('');
    expect(onEscape).not.toHaveBeenCalled();
    await user.keyboard('{Escape}');
    expect(onEscape).toHaveBeenCalledOnce();
  });
});

test('choices carry role, name, state and description', async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  render(
    <>
      <Checkbox
        label="Erase this device's data"
        description="It cannot be undone."
        checked={false}
        onCheckedChange={changed}
      />
      <Switch label="Enter sends" checked onCheckedChange={changed} />
      <RadioGroup
        label="Theme"
        value="light"
        onValueChange={changed}
        options={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </>,
  );
  const checkbox = screen.getByRole('checkbox', { name: "Erase this device's data", checked: false });
  expect(description(checkbox)).toBe('It cannot be undone.');
  await user.click(checkbox);
  await user.click(screen.getByRole('switch', { name: 'Enter sends', checked: true }));
  expect(screen.getByRole('radiogroup', { name: 'Theme' })).toBeTruthy();
  expect(screen.getByRole('radio', { name: 'Light', checked: true })).toBeTruthy();
  await user.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(changed.mock.calls).toEqual([[true], [false], ['dark']]);
});

test('a busy button keeps the focus, says so, and does nothing', async () => {
  const user = userEvent.setup();
  const clicked = vi.fn();
  const { rerender } = render(<Button onClick={clicked}>Save</Button>);
  await user.click(screen.getByRole('button', { name: 'Save' }));
  rerender(
    <Button onClick={clicked} busy>
      Save
    </Button>,
  );
  const button = screen.getByRole('button', { name: 'Save' });
  await user.click(button);
  expect(clicked).toHaveBeenCalledOnce();
  expect(button.getAttribute('aria-busy')).toBe('true');
  expect(document.activeElement).toBe(button);
});
