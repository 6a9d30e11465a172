import { useState, type CSSProperties, type ReactNode } from 'react';
import styles from './avatar.module.css';
import { classNames } from './class-names.ts';
import { identityColour } from './identity-colour.ts';
import { initials } from './initials.ts';

/** 20, 28, 36, 48, 64 and 96 px. */
export type AvatarSize = 'tiny' | 'small' | 'medium' | 'large' | 'huge' | 'giant';

const PIXELS: Record<AvatarSize, number> = { tiny: 20, small: 28, medium: 36, large: 48, huge: 64, giant: 96 };

export interface AvatarProps {
  /** Chooses the colour; the id of the person or thing, so that a change of name keeps it. */
  id: string;
  name: string;
  imageUrl?: string | undefined;
  /** Default `medium`. */
  size?: AvatarSize | undefined;
  /** Shown instead of the initials, e.g. an icon. An image goes before it. */
  icon?: ReactNode;
  /** A dot at the lower right. Decoration: say the same in words nearby. */
  presence?: 'online' | 'away' | undefined;
  /** Makes it an `img` of this name. Without it, it is decoration beside a written name. */
  label?: string | undefined;
  className?: string | undefined;
}

/** The face of a person or a group: a picture, or initials on the colour of their id. */
export function Avatar({ id, name, imageUrl, size = 'medium', icon, presence, label, className }: AvatarProps) {
  const [failedUrl, setFailedUrl] = useState<string>();
  const pixels = PIXELS[size];
  const colour = identityColour(id);
  const showImage = imageUrl !== undefined && imageUrl !== failedUrl;
  return (
    <span
      className={classNames(styles.avatar, presence !== undefined && styles.marked, className)}
      style={
        {
          width: pixels,
          height: pixels,
          fontSize: Math.round(pixels * 0.4),
          '--dot': `${Math.min(18, Math.max(8, Math.round(pixels * 0.28)))}px`,
        } as CSSProperties
      }
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <span
        className={styles.face}
        style={{ background: `var(--identity-${colour})`, color: `var(--identity-${colour}-text)` }}
      >
        {showImage ? (
          <img
            src={imageUrl}
            alt=""
            width={pixels}
            height={pixels}
            decoding="async"
            draggable={false}
            className={styles.image}
            onError={() => setFailedUrl(imageUrl)}
          />
        ) : (
          (icon ?? initials(name, size === 'tiny' ? 1 : 2))
        )}
      </span>
      {presence !== undefined && <span className={classNames(styles.presence, styles[presence])} />}
    </span>
  );
}
