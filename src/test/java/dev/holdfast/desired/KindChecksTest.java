package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The validation reports values that AWS would refuse, at the location where they are written. */
class KindChecksTest {
    private static final String STACK = """
        {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"dev"},
         "spec":{"account":"123456789012","region":"eu-west-2","include":["docs.json"]}}
        """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TaskDefinition |"
                        + " {'cpu':'256','memory':'4096','requiresCompatibilities':['FARGATE'],'containerDefinitions':[]}"
                        + " | /spec/memory | with cpu 256, Fargate does not offer memory 4096, but 512, 1024, 2048",
                "TaskDefinition | {'cpu':'0.3 vCPU','memory':'1"
                        + " GB','requiresCompatibilities':['FARGATE'],'containerDefinitions':[]} | /spec/memory | Fargate"
                        + " does not offer cpu 307",
                "TaskDefinition | {'memory':'1 GB','requiresCompatibilities':['FARGATE'],'containerDefinitions':[]} |"
                        + " /spec/requiresCompatibilities | a task on Fargate needs cpu and memory",
                "TaskDefinition |"
                        + " {'cpu':'256','memory':'512','networkMode':'bridge','requiresCompatibilities':['FARGATE'],'containerDefinitions':[]}"
                        + " | /spec/networkMode | Fargate accepts only awsvpc",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':true,'numCacheClusters':1,'automaticFailoverEnabled':true}"
                        + " | /spec/numCacheClusters | expected at least 2 nodes",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':true,'numCacheClusters':2,'automaticFailoverEnabled':false,'multiAZEnabled':true}"
                        + " | /spec/multiAZEnabled | needs automaticFailoverEnabled",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':true,'numNodeGroups':2}"
                        + " | /spec | several shards need",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':false,'authToken':'arn:aws:secretsmanager:eu-west-2:123456789012:secret:t-AbCdEf'}"
                        + " | /spec/transitEncryptionEnabled | need transitEncryptionEnabled",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':true,'numNodeGroups':1,'numCacheClusters':2}"
                        + " | /spec/numCacheClusters | found both",
                "ReplicationGroup |"
                        + " {'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],'atRestEncryptionEnabled':true,"
                        + "'transitEncryptionEnabled':true,'numCacheClusters':1,'authToken':'0123456789abcdef'}"
                        + " | /spec/authToken | expected the name of a secret",
                "CacheUser | {'userName':'a','engine':'redis','accessString':'on','authenticationMode':{'type':'password'}}"
                        + " | /spec/authenticationMode | needs a password",
                "CacheUser | {'userName':'a','engine':'redis','accessString':'on','authenticationMode':"
                        + "{'type':'password','password':'0123456789abcdef'}}"
                        + " | /spec/authenticationMode | expected the names of secrets",
                "CacheUser | {'userName':'a','engine':'valkey','accessString':'on','authenticationMode':"
                        + "{'type':'no-password-required'}}"
                        + " | /spec/authenticationMode | has to log in",
                "CacheUser | {'userName':'a','engine':'redis','accessString':'on','authenticationMode':{'type':'iam'}}"
                        + " | /spec/userName | the same userName and userId",
                "CacheUserGroup | {'engine':'valkey','userIds':['default']} | /spec/userIds | logs in without a password",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1']} | /spec | required, except for a member of a cluster",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'default'} | /spec | gives an instance a public address by itself",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s','kmsKeyId':'alias/data'} | /spec/kmsKeyId | expected the ARN of a key",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s','dbInstanceIdentifier':'Shop'} | /spec/dbInstanceIdentifier | lower-case",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'Postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s'} | /spec/engine | postgres",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s','storageType':'gp3','iops':3000} | /spec/iops | refuses iops and storageThroughput for gp3 below 400 GiB",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s','databaseInsightsMode':'advanced'} | /spec/databaseInsightsMode | 465 days",
                "DbInstance | {'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15','masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s','monitoringInterval':60} | /spec/monitoringInterval | go together",
                "LogGroup | {'retentionInDays':31} | /spec/retentionInDays | no retention of 31 days",
                "Secret | {'secretString':'x','generateSecretString':{}} | /spec/generateSecretString | found both",
                "Secret | {'recoveryWindowInDays':3} | /spec/recoveryWindowInDays | from 7 to 30, found 3",
                "Listener | {'loadBalancerArn':'arn:lb','port':443,'protocol':'HTTPS','defaultActions':[]} |"
                        + " /spec/protocol | HTTPS needs a certificate",
                "Listener |"
                        + " {'loadBalancerArn':'arn:lb','port':80,'protocol':'HTTP','certificates':[{'certificateArn':'arn:c'}],'defaultActions':[]}"
                        + " | /spec/certificates | HTTP has no certificate",
                "Listener | {'loadBalancerArn':'arn:lb','port':65536,'protocol':'HTTP','defaultActions':[]} |"
                        + " /spec/port | from 1 to 65535",
                "Alarm |"
                        + " {'metricName':'X','metrics':[{'id':'a','expression':'1'}],'evaluationPeriods':1,'comparisonOperator':'GreaterThanThreshold'}"
                        + " | /spec/metrics | found both",
                "Alarm |"
                        + " {'metricName':'X','evaluationPeriods':1,'datapointsToAlarm':2,'comparisonOperator':'GreaterThanThreshold'}"
                        + " | /spec/datapointsToAlarm | at most evaluationPeriods",
                "ScalableTarget |"
                        + " {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':'ecs:service:DesiredCount','minCapacity':3,'maxCapacity':2}"
                        + " | /spec/minCapacity | at most maxCapacity, 2, found 3",
                "TargetGroup |"
                        + " {'protocol':'HTTP','port':80,'vpcId':'vpc-1','healthCheckIntervalSeconds':5,'healthCheckTimeoutSeconds':5}"
                        + " | /spec/healthCheckTimeoutSeconds | less than healthCheckIntervalSeconds",
                "LoadBalancer | {'name':'internal-x','subnets':[]} | /spec/name | must begin with",
                "LoadBalancer | {'subnets':['subnet-0123456789abcdef0'],"
                        + "'webAclArn':'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b'} |"
                        + " /spec/webAclArn | of the scope REGIONAL",
                "LoadBalancer | {'type':'network','subnets':['subnet-0123456789abcdef0'],"
                        + "'webAclArn':'arn:aws:wafv2:eu-west-2:123456789012:regional/webacl/a/b'} |"
                        + " /spec/webAclArn | application load balancers only",
                "Listener |"
                        + " {'loadBalancerArn':'arn:lb','port':443,'protocol':'HTTPS','certificates':[{'certificateArn':'arn:c'},{'certificateArn':'arn:d'}],'defaultActions':[]}"
                        + " | /spec/certificates | expected one default certificate, found 2",
                "Listener |"
                        + " {'loadBalancerArn':'arn:lb','port':80,'protocol':'HTTP','listenerCertificates':['arn:c'],'defaultActions':[]}"
                        + " | /spec/listenerCertificates | HTTP has no certificate",
                "ScheduledAction |"
                        + " {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':'ecs:service:DesiredCount','schedule':'8"
                        + " * * * *','scalableTargetAction':{'minCapacity':1}} | /spec/schedule | expected at(…), rate(…)"
                        + " or cron(…)",
                "ScheduledAction |"
                        + " {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':'ecs:service:DesiredCount','schedule':'rate(1"
                        + " day)','startTime':'tomorrow','scalableTargetAction':{'minCapacity':1}} | /spec/startTime |"
                        + " with its offset, found tomorrow",
                "ScheduledAction |"
                        + " {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':'ecs:service:DesiredCount','schedule':'rate(1"
                        + " day)','scalableTargetAction':{}} | /spec/scalableTargetAction | minCapacity, maxCapacity or"
                        + " both",
                "TaskDefinition | {'containerDefinitions':[{'name':'a','image':'nginx:1','imageResolution':'Digest'}]}"
                        + " | /spec/containerDefinitions | only a tag in ECR",
                "Key | {'policy':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:role/app'},"
                        + "'Action':['kms:Decrypt','kms:Put*Tags'],'Resource':'*'}]}} | /spec/policy | allows nobody to change it",
                "Key | {'keySpec':'HMAC_256','keyUsage':'GENERATE_VERIFY_MAC','enableKeyRotation':true} |"
                        + " /spec/enableKeyRotation | only symmetric keys rotate",
                "KeyAlias | {'aliasName':'main','targetKeyId':'k'} | /spec/aliasName | begins with alias/",
                "KeyAlias | {'aliasName':'alias/aws/s3','targetKeyId':'k'} | /spec/aliasName | AWS's own",
                "Function | {'role':'arn:r','code':{'imageUri':'i:1'},'runtime':'python3.13'} | /spec/runtime | brings its"
                        + " own",
                "Function | {'role':'arn:r','code':{'zipFile':{'a.py':''}}} | /spec | needs runtime and handler",
                "FunctionPermission | {'functionName':'f','action':'lambda:InvokeFunction','principal':'s3.amazonaws.com'} |"
                        + " /spec/principal | a resource of any account",
                "SecretRotation | {'secretId':'arn:s','rotationRules':{'scheduleExpression':'daily'}} |"
                        + " /spec/rotationRules | expected rate",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'postgres','masterUsername':'m','manageMasterUserPassword':true,"
                        + "'allocatedStorage':20,'storageEncrypted':true,'dbSubnetGroupName':'g','vpcSecurityGroupIds':['sg-1']} |"
                        + " /spec | required, except for a member",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'aurora-postgresql','dbClusterIdentifier':'c','port':5432} |"
                        + " /spec/port | the cluster sets port",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'aurora-postgresql','dbClusterIdentifier':'c','engineVersion':'16'} |"
                        + " /spec/engineVersion | the cluster sets engineVersion",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'postgres','dbClusterIdentifier':'c'} |"
                        + " /spec/engine | the engine of a cluster",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'aurora-postgresql','engineVersion':'16','masterUsername':'m',"
                        + "'manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'dbSubnetGroupName':'g',"
                        + "'vpcSecurityGroupIds':['sg-1']} | /spec/engine | found no dbClusterIdentifier",
                "DbInstance | {'dbInstanceClass':'db.t4g.medium','engine':'postgres','engineVersion':'16','masterUsername':'m',"
                        + "'manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,'dbSubnetGroupName':'g',"
                        + "'vpcSecurityGroupIds':['sg-1'],'promotionTier':1} | /spec/promotionTier | needs dbClusterIdentifier",
                "DbCluster | {'engine':'aurora-postgresql','engineVersion':'16','masterUsername':'m','manageMasterUserPassword':true,"
                        + "'storageEncrypted':true,'dbSubnetGroupName':'g','vpcSecurityGroupIds':['sg-1'],"
                        + "'serverlessV2ScalingConfiguration':{'minCapacity':0.3,'maxCapacity':4}} |"
                        + " /spec/serverlessV2ScalingConfiguration | expected multiples of 0.5",
                "DbCluster | {'engine':'aurora-postgresql','engineVersion':'16','masterUsername':'m','manageMasterUserPassword':true,"
                        + "'storageEncrypted':true,'dbSubnetGroupName':'g','vpcSecurityGroupIds':['sg-1'],"
                        + "'databaseInsightsMode':'advanced'} | /spec/databaseInsightsMode | 465 days",
                "DbCluster | {'engine':'aurora-postgresql','engineVersion':'16','masterUsername':'m','manageMasterUserPassword':false,"
                        + "'storageEncrypted':true,'dbSubnetGroupName':'g','vpcSecurityGroupIds':['sg-1']} |"
                        + " /spec/manageMasterUserPassword | must not contain a password",
                "Topic | {'topicName':'a.fifo'} | /spec/topicName | must end with .fifo, and no other name may",
                "Topic | {'fifoTopic':true} | /spec/fifoTopic | needs a topicName",
                "Topic | {'contentBasedDeduplication':true} | /spec/contentBasedDeduplication | only FIFO topics",
                "Topic | {'signatureVersion':'3'} | /spec/signatureVersion | expected 1 or 2, found 3",
                "Repository | {'repositoryName':'1api'} | /spec/repositoryName | must begin with",
                "Repository | {'imageTagMutability':'IMMUTABLE_WITH_EXCLUSION'} | /spec/imageTagMutability | needs"
                        + " filters",
                "Repository | {'imageTagMutabilityExclusionFilters':[{'filter':'v*'}]} |"
                        + " /spec/imageTagMutabilityExclusionFilters | the filters have no effect",
                "Repository | {'encryptionConfiguration':{'encryptionType':'AES256','kmsKey':'arn:k'}} |"
                        + " /spec/encryptionConfiguration | excludes kmsKey",
                "SamplingRule | {'priority':1,'fixedRate':0.1,'reservoirSize':1,'serviceName':'*','serviceType':'*',"
                        + "'host':'*','httpMethod':'*','urlPath':'*','resourceARN':'*','attributes':{'a':'1','b':'1',"
                        + "'c':'1','d':'1','e':'1','f':'1'}} | /spec/attributes | at most 5 attributes, found 6",
                "TraceGroup | {'insightsConfiguration':{'notificationsEnabled':true}} | /spec/insightsConfiguration |"
                        + " notifications need insights",
                "SamplingRule | {'ruleName':'Default','priority':1,'fixedRate':0.1,'reservoirSize':1,'serviceName':'*',"
                        + "'serviceType':'*','host':'*','httpMethod':'*','urlPath':'*','resourceARN':'*'} |"
                        + " /spec/ruleName | X-Ray's own rule",
                "Function | {'role':'arn:r','code':{'zipFile':{'a.py':''}},'runtime':'python3.13','handler':'a.x',"
                        + "'kmsKeyArn':'arn:aws:kms:eu-west-2:123456789012:key/k','environment':{'variables':{}}} |"
                        + " /spec/kmsKeyArn | nothing to encrypt",
                "TraceGroup | {'groupName':'Default'} | /spec/groupName | AWS's own group",
                "MetricFilter | {'logGroupName':'g','filterPattern':'','metricTransformations':[]}"
                        + " | /spec/metricTransformations | expected one, found 0",
                "MetricFilter | {'logGroupName':'g','filterPattern':'[a]','metricTransformations':[{'metricName':'m',"
                        + "'metricNamespace':'n','metricValue':'1','defaultValue':0,'dimensions':{'a':'$a'}}]}"
                        + " | /spec/metricTransformations | dimensions exclude a defaultValue",
                "Repository | {'encryptionConfiguration':{'encryptionType':'KMS','kmsKey':'alias/images'}} |"
                        + " /spec/encryptionConfiguration | the ARN of a key as kmsKey, found \"alias/images\"",
                "Repository | {'encryptionConfiguration':{'encryptionType':'KMS_DSSE','kmsKey':'arn:aws:kms:eu-west-2:123456789012:alias/a'}} |"
                        + " /spec/encryptionConfiguration | the ARN of a key as kmsKey",
                "Repository | {'encryptionConfiguration':{'encryptionType':'KMS','kmsKey':'1234abcd-12ab-34cd-56ef-1234567890ab'}} |"
                        + " /spec/encryptionConfiguration | the ARN of a key as kmsKey",
                "LogGroup | {'kmsKeyId':'alias/logs'} | /spec/kmsKeyId | the ARN of a key, found \"alias/logs\"",
                "LogGroup | {'kmsKeyId':'arn:aws:kms:eu-west-2:123456789012:alias/logs'} | /spec/kmsKeyId | the ARN of a key",
                "LogGroup | {'kmsKeyId':'1234abcd-12ab-34cd-56ef-1234567890ab'} | /spec/kmsKeyId | the ARN of a key",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'tcp','fromPort':1,'toPort':1,"
                        + "'cidrIpv4':'10.0.0.0/8','description':'a'},{'protocol':'6','fromPort':1,'toPort':1,"
                        + "'cidrIpv4':'10.9.9.9/8','description':'b'}]} | /spec/ingress | two elements of ingress are the"
                        + " same to AWS: tcp:1:10.0.0.0/8",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'tcp','fromPort':1,'toPort':1,"
                        + "'cidrIpv4':'10.0.0.0/8','cidrIpv6':'::/0'}]} | /spec/ingress/0/cidrIpv6 | found cidrIpv4 and"
                        + " cidrIpv6",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','egress':[{'protocol':'tcp','fromPort':1,'toPort':1}]}"
                        + " | /spec/egress/0 | found none",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'tcp',"
                        + "'cidrIpv4':'10.0.0.0/8'}]} | /spec/ingress | tcp needs fromPort and toPort",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'tcp','fromPort':2,'toPort':1,"
                        + "'cidrIpv4':'10.0.0.0/8'}]} | /spec/ingress | the lower one first, found 2 and 1",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'-1',"
                        + "'cidrIpv6':'10.0.0.0/8'}]} | /spec/ingress | an IPv6 range as cidrIpv6, found 10.0.0.0/8",
                "SecurityGroup | {'description':'x','vpcId':'vpc-1','ingress':[{'protocol':'-1',"
                        + "'cidrIpv4':'::/0'}]} | /spec/ingress | an IPv4 range as cidrIpv4, found ::/0",
                "EcsService | {'cluster':'c','taskDefinition':'t','launchType':'FARGATE','capacityProviderStrategy':"
                        + "[{'capacityProvider':'FARGATE'}]} | /spec/launchType | found both",
                "EcsService | {'cluster':'c','taskDefinition':'t','healthCheckGracePeriodSeconds':5} |"
                        + " /spec/healthCheckGracePeriodSeconds | needs loadBalancers",
                "EcsService | {'cluster':'c','taskDefinition':'t','availabilityZoneRebalancing':'ENABLED',"
                        + "'deploymentConfiguration':{'maximumPercent':100}} | /spec/availabilityZoneRebalancing | a"
                        + " maximumPercent above 100",
                "LogGroup | {'logGroupClass':'DELIVERY','retentionInDays':1} | /spec/retentionInDays | fixed retention",
                "TaskDefinition | {'containerDefinitions':[{'name':'a','image':'i','dependsOn':[{'containerName':'b',"
                        + "'condition':'START'}]}]} | /spec/containerDefinitions | a depends on b, which is not"
                        + " another container",
                "TaskDefinition | {'containerDefinitions':[{'name':'a','image':'i','mountPoints':[{'sourceVolume':'v',"
                        + "'containerPath':'/v'}]}]} | /spec/containerDefinitions | a mounts v, which is not a volume",
                "TaskDefinition | {'containerDefinitions':[{'name':'a','image':'i'},{'name':'a','image':'j'}]} |"
                        + " /spec/containerDefinitions | two elements of containerDefinitions are the same to AWS: a",
                "Alarm | {'metricName':'X','statistic':'Sum','extendedStatistic':'p9','evaluationPeriods':1,"
                        + "'comparisonOperator':'GreaterThanThreshold'} | /spec/extendedStatistic | found both",
                "RouteTable | {'vpcId':'vpc-1','routes':[{'destinationCidrBlock':'0.0.0.0/0'}]} | /spec/routes/0 | found"
                        + " none",
                "VpcEndpoint | {'vpcId':'vpc-1','serviceName':'s','subnetIds':['subnet-1']} | /spec/subnetIds | is valid only"
                        + " with vpcEndpointType Interface, found none",
                "ScalingPolicy | {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'StepScaling',"
                        + "'targetTrackingScalingPolicyConfiguration':{'targetValue':1,'predefinedMetricSpecification':"
                        + "{'predefinedMetricType':'ECSServiceAverageCPUUtilization'}}} | /spec/targetTrackingScalingPolicyConfiguration | is valid only"
                        + " with policyType TargetTrackingScaling",
                "ScalingPolicy | {'serviceNamespace':'dynamodb','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'PredictiveScaling',"
                        + "'predictiveScalingPolicyConfiguration':{'metricSpecifications':[{'targetValue':1,'predefinedMetricPairSpecification':{'predefinedMetricType':'ECSServiceCPUUtilization'}}]}} | /spec/serviceNamespace | forecasts for services of ECS only",
                "ScalingPolicy | {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'PredictiveScaling',"
                        + "'predictiveScalingPolicyConfiguration':{'metricSpecifications':[]}} | /spec/predictiveScalingPolicyConfiguration | expected one element",
                "ScalingPolicy | {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'PredictiveScaling',"
                        + "'predictiveScalingPolicyConfiguration':{'metricSpecifications':[{'targetValue':1,'predefinedMetricPairSpecification':{'predefinedMetricType':'ALBRequestCount'}}]}} | /spec/predictiveScalingPolicyConfiguration | needs a resourceLabel",
                "ScalingPolicy | {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'PredictiveScaling',"
                        + "'predictiveScalingPolicyConfiguration':{'metricSpecifications':[{'targetValue':1,'predefinedMetricPairSpecification':{'predefinedMetricType':'ECSServiceCPUUtilization'}}],'maxCapacityBuffer':5}} | /spec/predictiveScalingPolicyConfiguration/maxCapacityBuffer | is valid only with maxCapacityBreachBehavior IncreaseMaxCapacity",
                "ScalingPolicy | {'serviceNamespace':'ecs','resourceId':'service/a/b','scalableDimension':"
                        + "'ecs:service:DesiredCount','policyType':'PredictiveScaling',"
                        + "'predictiveScalingPolicyConfiguration':{'metricSpecifications':[{'targetValue':1,'predefinedMetricPairSpecification':{'predefinedMetricType':'ECSServiceCPUUtilization'}}],'schedulingBufferTime':3600}} | /spec/predictiveScalingPolicyConfiguration/schedulingBufferTime | 3599",
                "EcsCluster | {'configuration':{'executeCommandConfiguration':{'logging':'OVERRIDE'}}} | /spec/configuration"
                        + " | needs a logConfiguration",
                "EcsCluster | {'configuration':{'executeCommandConfiguration':{'logging':'DEFAULT','logConfiguration':"
                        + "{'s3BucketName':'b'}}}} | /spec/configuration/executeCommandConfiguration/logConfiguration |"
                        + " is valid only with logging OVERRIDE",
                "Vpc | {'cidrBlock':'10.0.0.0/16','restrictDefaultSecurityGroup':false} |"
                        + " /spec/restrictDefaultSecurityGroup | adds no rules to a default security group",
                "Bucket | {'bucketEncryption':{'rules':[{'sseAlgorithm':'AES256','kmsMasterKeyId':'k'}]}} |"
                        + " /spec/bucketEncryption/rules/0/kmsMasterKeyId | is valid only with sseAlgorithm aws:kms",
                "CompositeAlarm | {'alarmRule':'ALARM(a)','actionsSuppressor':'b'} | /spec/actionsSuppressor | needs"
                        + " actionsSuppressorWaitPeriod",
                "CompositeAlarm | {'alarmRule':'ALARM(a)','actionsSuppressor':'','actionsSuppressorWaitPeriod':60} |"
                        + " /spec/actionsSuppressorWaitPeriod | needs actionsSuppressor, which is missing",
                "SecurityGroup | {'groupName':'SG-x','description':'x','vpcId':'vpc-1'} | /spec/groupName | must"
                        + " begin with",
            })
    void aSpecThatAwsWouldRefuse(String kind, String spec, String pointer, String message) {
        // Given
        Map<String, byte[]> files = new TreeMap<>();
        files.put("dev/stack.json", STACK.getBytes(StandardCharsets.UTF_8));
        files.put(
                "dev/docs.json",
                ("{\"apiVersion\":\"holdfast.dev/v1\",\"kind\":\"" + kind
                                + "\",\"metadata\":{\"name\":\"it\"},\"spec\":" + spec.replace('\'', '"') + "}")
                        .getBytes(StandardCharsets.UTF_8));

        // When
        LoadResult loaded = new DesiredCompiler(TestKinds.all()).compile(files).get("dev");

        // Then
        assertThat(loaded).isInstanceOfSatisfying(LoadResult.RefusedRevision.class, refused -> {
            List<Problem> problems = refused.problems();
            assertThat(problems).hasSize(1);
            assertThat(problems.getFirst().pointer()).isEqualTo(pointer);
            assertThat(problems.getFirst().toString()).contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TaskDefinition |"
                        + " {'cpu':'${Vpc/main}','memory':'4096','requiresCompatibilities':['FARGATE'],'containerDefinitions':[]}",
                "Listener |"
                        + " {'loadBalancerArn':'arn:lb','port':443,'protocol':'HTTPS','certificates':[{'certificateArn':'${Certificate/main}'}],'defaultActions':[]}",
                "Repository | {'encryptionConfiguration':{'encryptionType':'KMS','kmsKey':'${Vpc/main}'}}",
                "LogGroup | {'kmsKeyId':'${Vpc/main}'}",
                "Alarm |"
                        + " {'metricName':'X','evaluationPeriods':'${Vpc/main}','datapointsToAlarm':2,'comparisonOperator':'GreaterThanThreshold'}",
            })
    void whatIsNotKnownYetIsNotHeldAgainstIt(String kind, String spec) {
        assertThat(besideAVpc(kind, spec)).isInstanceOf(LoadResult.ValidRevision.class);
    }

    /**
     * All other values of an element with an unresolved reference are checked, and a value of any JSON is never
     * refused.
     */
    @Test
    void whatFollowsLaterIsCheckedAllTheSame() {
        assertThat(besideAVpc(
                        "SecurityGroup",
                        "{'description':'x','vpcId':'${Vpc/main}','ingress':[{'protocol':'tcp',"
                                + "'securityGroup':'${SecurityGroup/it}'}]}"))
                .isInstanceOfSatisfying(
                        LoadResult.RefusedRevision.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .contains("tcp needs fromPort and toPort"));
        assertThat(besideAVpc(
                        "Topic",
                        "{'subscriptions':[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q',"
                                + "'filterPolicy':{'kind':[null,'a']}}]}"))
                .isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void aRegionThatDoesNotExistAndADocumentInYaml() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("dev/stack.json", STACK.replace("eu-west-2", "eu-west-22").getBytes(StandardCharsets.UTF_8));
        files.put("dev/docs.json", "[]".getBytes(StandardCharsets.UTF_8));
        assertThat(new DesiredCompiler(TestKinds.all())
                        .compile(files)
                        .get("dev")
                        .toString())
                .contains("expected a region, found", "eu-west-22", "did you mean");

        files.put("dev/stack.json", STACK.replace("docs.json", "*").getBytes(StandardCharsets.UTF_8));
        files.put("dev/vpc.yaml", "apiVersion: holdfast.dev/v1".getBytes(StandardCharsets.UTF_8));
        files.put("dev/compose.yaml", "services: {}".getBytes(StandardCharsets.UTF_8));
        assertThat(new DesiredCompiler(TestKinds.all())
                        .compile(files)
                        .get("dev")
                        .toString())
                .contains("vpc.yaml", "documents are JSON files, found YAML")
                .doesNotContain("compose");
    }

    /** A value that AWS stores unchanged may have any form. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Repository |"
                        + " {'encryptionConfiguration':{'encryptionType':'KMS','kmsKey':'arn:aws:kms:eu-west-2:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab'}}",
                "Repository |"
                        + " {'encryptionConfiguration':{'encryptionType':'KMS','kmsKey':'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'}}",
                "Repository | {'encryptionConfiguration':{'encryptionType':'KMS'}}",
                "LogGroup | {'kmsKeyId':'arn:aws-cn:kms:cn-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'}",
                "LogGroup | {'kmsKeyId':''}",
                "Secret | {'name':'a','kmsKeyId':'alias/secrets'}",
                "Topic | {'kmsMasterKeyId':'alias/aws/sns'}",
                "Bucket | {'bucketEncryption':{'rules':[{'sseAlgorithm':'aws:kms','kmsMasterKeyId':'alias/files'}]}}",
                "EcsCluster |"
                        + " {'configuration':{'executeCommandConfiguration':{'kmsKeyId':'1234abcd-12ab-34cd-56ef-1234567890ab','logging':'DEFAULT'}}}",
            })
    void keysOfKmsThatComeBackAsTheyWereSent(String kind, String spec) {
        assertThat(besideAVpc(kind, spec)).isInstanceOf(LoadResult.ValidRevision.class);
    }

    private static LoadResult besideAVpc(String kind, String spec) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("dev/stack.json", STACK.getBytes(StandardCharsets.UTF_8));
        files.put(
                "dev/docs.json", ("""
                    [{"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"main"},"spec":{"cidrBlock":"10.0.0.0/16"}},
                     {"apiVersion":"holdfast.dev/v1","kind":"Certificate","metadata":{"name":"main"},"spec":{"domainName":"example.com"}},
                     {"apiVersion":"holdfast.dev/v1","kind":"%s","metadata":{"name":"it"},"spec":%s}]
                    """).formatted(kind, spec.replace('\'', '"')).getBytes(StandardCharsets.UTF_8));
        return Objects.requireNonNull(
                new DesiredCompiler(TestKinds.all()).compile(files).get("dev"));
    }
}
