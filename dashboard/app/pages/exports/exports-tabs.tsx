import { TabLinks } from '../../shell/tab-links.tsx';

export function ExportsTabs() {
  return (
    <TabLinks
      label="Exports"
      tabs={[
        { to: '/exports', label: 'Jobs' },
        { to: '/exports/templates', label: 'Templates' },
      ]}
    />
  );
}
