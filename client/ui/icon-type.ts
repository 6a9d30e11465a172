import type { ComponentType, SVGProps } from 'react';

/** An icon as a component: what a control takes when it draws the icon itself. */
export type IconComponent = ComponentType<SVGProps<SVGSVGElement> & { size?: string | number }>;
