/**
 * The one icon family. Each icon is imported from its own file, so a bundle holds only those it shows.
 * An icon is decoration (hidden from assistive technology by itself); the control or text around it carries the name.
 */
// States of something sent: kept here, taken, taken twice, refused.
export { default as ClockIcon } from 'lucide-react/icons/clock';
export { default as TickIcon } from 'lucide-react/icons/check';
export { default as DoubleTickIcon } from 'lucide-react/icons/check-check';
export { default as FailedIcon } from 'lucide-react/icons/circle-alert';

// Moving about.
export { default as BackIcon } from 'lucide-react/icons/arrow-left';
export { default as CloseIcon } from 'lucide-react/icons/x';
export { default as ChevronDownIcon } from 'lucide-react/icons/chevron-down';
export { default as ChevronRightIcon } from 'lucide-react/icons/chevron-right';
export { default as ArrowDownIcon } from 'lucide-react/icons/arrow-down';
export { default as ArrowUpIcon } from 'lucide-react/icons/arrow-up';
export { default as SearchIcon } from 'lucide-react/icons/search';
export { default as MoreIcon } from 'lucide-react/icons/ellipsis';
export { default as MoreVerticalIcon } from 'lucide-react/icons/ellipsis-vertical';
export { default as DetailsIcon } from 'lucide-react/icons/panel-right';
export { default as SettingsIcon } from 'lucide-react/icons/settings';
export { default as SignOutIcon } from 'lucide-react/icons/log-out';
export { default as KeyboardIcon } from 'lucide-react/icons/keyboard';

// Acting.
export { default as AddIcon } from 'lucide-react/icons/plus';
export { default as ComposeIcon } from 'lucide-react/icons/square-pen';
export { default as SendIcon } from 'lucide-react/icons/send-horizontal';
export { default as AttachIcon } from 'lucide-react/icons/paperclip';
export { default as EmojiIcon } from 'lucide-react/icons/smile';
export { default as MicrophoneIcon } from 'lucide-react/icons/mic';
export { default as EditIcon } from 'lucide-react/icons/pencil';
export { default as DeleteIcon } from 'lucide-react/icons/trash-2';
export { default as ReplyIcon } from 'lucide-react/icons/reply';
export { default as ForwardIcon } from 'lucide-react/icons/forward';
export { default as CopyIcon } from 'lucide-react/icons/copy';
export { default as PinIcon } from 'lucide-react/icons/pin';
export { default as UnpinIcon } from 'lucide-react/icons/pin-off';
export { default as ArchiveIcon } from 'lucide-react/icons/archive';
export { default as MuteIcon } from 'lucide-react/icons/bell-off';
export { default as BellIcon } from 'lucide-react/icons/bell';
export { default as DownloadIcon } from 'lucide-react/icons/download';
export { default as RefreshIcon } from 'lucide-react/icons/refresh-cw';
export { default as LinkIcon } from 'lucide-react/icons/link';
export { default as ShowIcon } from 'lucide-react/icons/eye';
export { default as HideIcon } from 'lucide-react/icons/eye-off';
export { default as SelectIcon } from 'lucide-react/icons/list-checks';

// People and things.
export { default as PersonIcon } from 'lucide-react/icons/user';
export { default as PeopleIcon } from 'lucide-react/icons/users';
export { default as AddPersonIcon } from 'lucide-react/icons/user-plus';
export { default as MessagesIcon } from 'lucide-react/icons/message-circle';
export { default as MentionIcon } from 'lucide-react/icons/at-sign';
export { default as FileIcon } from 'lucide-react/icons/file';
export { default as ImageIcon } from 'lucide-react/icons/image';
export { default as CameraIcon } from 'lucide-react/icons/camera';
export { default as PhoneIcon } from 'lucide-react/icons/phone';
export { default as VideoIcon } from 'lucide-react/icons/video';
export { default as ComputerIcon } from 'lucide-react/icons/laptop';
export { default as SmartphoneIcon } from 'lucide-react/icons/smartphone';

// Settings.
export { default as LightIcon } from 'lucide-react/icons/sun';
export { default as DarkIcon } from 'lucide-react/icons/moon';
export { default as SystemIcon } from 'lucide-react/icons/monitor';
export { default as AppearanceIcon } from 'lucide-react/icons/palette';
export { default as PrivacyIcon } from 'lucide-react/icons/lock';
export { default as AccountIcon } from 'lucide-react/icons/shield';
export { default as StorageIcon } from 'lucide-react/icons/hard-drive';

// Conditions.
export { default as InfoIcon } from 'lucide-react/icons/info';
export { default as WarningIcon } from 'lucide-react/icons/triangle-alert';
export { default as SuccessIcon } from 'lucide-react/icons/circle-check';
export { default as OfflineIcon } from 'lucide-react/icons/cloud-off';
export { default as PendingIcon } from 'lucide-react/icons/hourglass';
