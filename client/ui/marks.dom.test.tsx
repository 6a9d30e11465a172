import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Avatar } from './avatar.tsx';
import { Badge } from './badge.tsx';
import { Banner } from './banner.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Separator } from './separator.tsx';

test('an avatar falls back to initials when its picture does not come, and tries again for another', () => {
  const { container, rerender } = render(<Avatar id="1" name="Ana Horvat" imageUrl="/gone.png" label="Ana Horvat" />);
  const image = () => container.querySelector('img');
  expect(screen.getByRole('img', { name: 'Ana Horvat' })).toBeTruthy();
  const broken = image();
  if (!broken) throw new Error('no picture');
  fireEvent.error(broken);
  expect(image()).toBeNull();
  expect(screen.getByRole('img', { name: 'Ana Horvat' }).textContent).toBe('AH');
  rerender(<Avatar id="1" name="Ana Horvat" imageUrl="/new.png" label="Ana Horvat" />);
  expect(image()?.getAttribute('src')).toBe('/new.png');
});

test('avatars and badges are decoration unless they are named', () => {
  const { container } = render(
    <>
      <Avatar id="1" name="Ana Horvat" presence="online" />
      <Badge value={1200} />
      <Badge value={0} />
    </>,
  );
  expect([...container.children].map((element) => [element.getAttribute('aria-hidden'), element.textContent])).toEqual([
    ['true', 'AH'],
    ['true', '999+'],
  ]);
});

test('separators carry the words they show as their name', () => {
  render(<Separator label="Today" look="pill" />);
  expect(screen.getByRole('separator', { name: 'Today' }).textContent).toBe('Today');
});

test('a progress bar says its percentage, or nothing when it cannot know', () => {
  const { rerender } = render(<ProgressBar label="Uploading photo.jpg" value={0.416} />);
  const bar = screen.getByRole('progressbar', { name: 'Uploading photo.jpg' });
  expect(bar.getAttribute('aria-valuenow')).toBe('42');
  rerender(<ProgressBar label="Uploading photo.jpg" value={null} />);
  expect(bar.hasAttribute('aria-valuenow')).toBe(false);
});

test('notices are announced as calmly as they are meant', () => {
  const { rerender } = render(<Banner>Offline. Changes will sync later.</Banner>);
  expect(screen.getByRole('status').textContent).toBe('Offline. Changes will sync later.');
  rerender(<Banner tone="danger">You were signed out.</Banner>);
  expect(screen.getByRole('alert').textContent).toBe('You were signed out.');
});

test('empty and error states have a heading and one thing to do', () => {
  const action = { label: 'New conversation', onSelect: () => undefined };
  const { rerender } = render(
    <EmptyState title="No conversations yet" action={action}>
      Write to somebody.
    </EmptyState>,
  );
  expect(screen.getByRole('heading', { name: 'No conversations yet', level: 2 })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'New conversation' })).toBeTruthy();
  rerender(<ErrorState title="This could not be opened" headingLevel={3} />);
  expect(screen.getByRole('alert').textContent).toBe('This could not be opened');
  expect(screen.getByRole('heading', { level: 3 })).toBeTruthy();
});
