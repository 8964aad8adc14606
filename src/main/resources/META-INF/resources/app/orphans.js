// How a resource that is kept and no longer desired comes to an end: the exact steps, for its kind. Pure.
const q = text => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** By kind, the commands that delete it by hand; what holds data leaves a snapshot or can be taken back for a while. */
const COMMANDS = {
  DbInstance: id => [`aws rds modify-db-instance --db-instance-identifier ${id} --no-deletion-protection --apply-immediately`,
    `aws rds delete-db-instance --db-instance-identifier ${id} --final-db-snapshot-identifier ${id}-final`],
  DbCluster: id => [`aws rds modify-db-cluster --db-cluster-identifier ${id} --no-deletion-protection --apply-immediately`,
    `aws rds delete-db-cluster --db-cluster-identifier ${id} --final-db-snapshot-identifier ${id}-final`],
  ReplicationGroup: id => [`aws elasticache delete-replication-group --replication-group-id ${id} --final-snapshot-identifier ${id}-final`],
  ServerlessCache: id => [`aws elasticache delete-serverless-cache --serverless-cache-name ${id} --final-snapshot-name ${id}-final`],
  Bucket: id => [`aws s3 rm s3://${id} --recursive`, `aws s3api delete-bucket --bucket ${id}`],
  Secret: id => [`aws secretsmanager delete-secret --secret-id ${id} --recovery-window-in-days 30`],
  LogGroup: id => [`aws logs delete-log-group --log-group-name ${id}`],
  Repository: id => [`aws ecr delete-repository --repository-name ${id} --force`],
  HostedZone: id => [`aws route53 delete-hosted-zone --id ${id}`],
  Key: id => [`aws kms schedule-key-deletion --key-id ${id} --pending-window-in-days 30`],
};

const BEFORE = {
  Bucket: 'A bucket with versions is emptied in the console (Empty) or with its lifecycle rules: the first command leaves versions behind.',
  DbCluster: 'Its instances are deleted before it.',
  HostedZone: 'Its records, except NS and SOA, are deleted before it.',
};

/**
 * @param resource as the API tells it
 * @return [{ title, text, commands, document }], the safest way first
 */
export function endings(resource, stack) {
  const { kind, metadata, status, spec } = resource;
  const id = q(status.physicalId ?? metadata.name);
  const region = stack.region ? ` --region ${stack.region}` : '';
  const commands = COMMANDS[kind]?.(id).map(command => command + region) ?? [];
  const document = JSON.stringify({ apiVersion: 'holdfast.dev/v1', kind, metadata: { name: metadata.name },
    lifecycle: { onDelete: 'Delete' }, spec: withoutTags(spec ?? {}) }, null, 2);
  return [
    {
      title: 'Let Holdfast delete it',
      text: ['Put its document back, with onDelete: Delete, and publish. Wait until it is Synced.',
        'Take the document out again and publish: the plan shows its deletion, which limits.maxDeletes counts.'],
      document, commands: [],
    },
    {
      title: 'Delete it by hand',
      text: [BEFORE[kind], commands.length ? null : 'Delete it in AWS’s console.', 'Holdfast forgets it in one of the next passes.'].filter(Boolean),
      document: null, commands,
    },
    {
      title: 'Desire it again',
      text: ['Put its document back as it was and publish: Holdfast finds it by its ownership, and nothing is made anew.'],
      document: null, commands: [],
    },
  ];
}

const withoutTags = ({ tags, ...spec }) => spec;
