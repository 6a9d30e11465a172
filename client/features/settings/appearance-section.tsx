import { DarkIcon, LightIcon, SystemIcon } from '#client/ui/icons.ts';
import { RadioGroup } from '#client/ui/radio-group.tsx';
import { useTheme } from '#client/ui/theme/theme-provider.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Light, dark, or as the system is. */
export function AppearanceSection() {
  const { choice, setChoice } = useTheme();
  return (
    <SettingsSection title="Appearance" lead="How ChatSync+ looks on this device.">
      <RadioGroup
        label="Theme"
        layout="cards"
        value={choice}
        onValueChange={setChoice}
        options={[
          { value: 'light', label: 'Light', icon: <LightIcon size={24} /> },
          { value: 'dark', label: 'Dark', icon: <DarkIcon size={24} /> },
          { value: 'system', label: 'System', icon: <SystemIcon size={24} /> },
        ]}
      />
    </SettingsSection>
  );
}
