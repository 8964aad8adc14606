// The exact steps to delete, or to desire again, a retained resource, by its kind. Pure.
const q = text => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** By kind, the commands for a manual deletion. If the kind holds data, the deletion leaves a snapshot or is reversible for some time. */
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
  Bucket: 'Empty a bucket with versions in the console (Empty) or with its lifecycle rules: the first command does not delete versions.',
  DbCluster: 'Delete its instances first.',
  HostedZone: 'Delete its records first, except NS and SOA.',
};

/**
 * @param resource as the API returns it
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
      title: 'Let Holdfast delete the resource',
      text: ['Restore its document, with onDelete: Delete, and publish. Wait until the resource is Synced.',
        'Remove the document again and publish: the plan shows the deletion, which limits.maxDeletes counts.'],
      document, commands: [],
    },
    {
      title: 'Delete the resource by hand',
      text: [BEFORE[kind], commands.length ? null : 'Delete the resource in AWS’s console.', 'Holdfast forgets the resource in one of the next passes.'].filter(Boolean),
      document: null, commands,
    },
    {
      title: 'Keep the resource',
      text: ['Restore its document without changes and publish: Holdfast finds the resource by its ownership and creates nothing.'],
      document: null, commands: [],
    },
  ];
}

const withoutTags = ({ tags, ...spec }) => spec;
