package dev.holdfast.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/** Small documents that several tests use. */
final class Docs {
    private Docs() {}

    /** For the spec of a stack: limits that hold no change of a test. */
    static final String UNLIMITED =
            "'limits':{'maxDeletes':9999,'maxReplaces':9999,'maxUpdates':9999,'maxRollouts':9999},";

    /** A VPC with the subnets a and b, each in its own zone. */
    static final String VPC_IN_TWO_ZONES = String.join(
            ",", vpc(""), subnet("a", "10.0.0.0/24", "eu-west-2a"), subnet("b", "10.0.1.0/24", "eu-west-2b"));

    static String of(String... documents) {
        return "[" + String.join(",", documents) + "]";
    }

    /** An alarm: it has no dependencies, holds no data and is ready at once. */
    static String alarm(String name, int threshold) {
        return alarm(name, threshold, "");
    }

    /** @param more members of the document, each followed by a comma */
    static String alarm(String name, int threshold, String more) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Alarm','metadata':{'name':'%s'},%s'spec':{
              'namespace':'App','metricName':'Errors','statistic':'Sum','period':60,'evaluationPeriods':1,
              'threshold':%d,'comparisonOperator':'GreaterThanThreshold'}}
            """.formatted(name, more, threshold);
    }

    /** The same alarm, as another principal would write it. */
    static PutMetricAlarmRequest.Builder theirAlarm(String physicalId, double threshold) {
        return PutMetricAlarmRequest.builder()
                .alarmName(physicalId)
                .namespace("App")
                .metricName("Errors")
                .statistic("Sum")
                .period(60)
                .evaluationPeriods(1)
                .threshold(threshold)
                .comparisonOperator("GreaterThanThreshold");
    }

    /** This number of alarms, with the names a0, a1 and so on. */
    static String alarms(int count, int threshold) {
        return IntStream.range(0, count)
                .mapToObj(i -> alarm("a" + i, threshold))
                .collect(Collectors.joining(","));
    }

    static String bucket(String name, String more) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'%s'},%s'spec':{'versioning':'Enabled'}}
            """.formatted(name, more);
    }

    static String vpc(String more) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},%s'spec':{'cidrBlock':'10.0.0.0/16'}}
            """.formatted(more);
    }

    /** A security group with an immutable description and a generated name. */
    static String group(String name, String description, String more) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%s'},%s'spec':{
              'vpcId':'${Vpc/main}','description':'%s','ingress':[]}}
            """.formatted(name, more, description);
    }

    /** A VPC with a security group that has these ingress rules. */
    static String groupInVpc(String ingress) {
        return document("Vpc", "main", "", "'cidrBlock':'10.0.0.0/16'") + ","
                + document(
                        "SecurityGroup",
                        "api",
                        "",
                        "'vpcId':'${Vpc/main}','description':'x','ingress':[" + ingress + "]");
    }

    /** A security group that opens port 80 to these addresses. */
    static String openTo(String name, String cidr, String words) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%s'},'spec':{
              'vpcId':'${Vpc/main}','description':'web','ingress':[
                {'protocol':'tcp','fromPort':80,'toPort':80,'cidrIpv4':'%s','description':'%s'}]}}
            """.formatted(name, cidr, words);
    }

    static String groupOf(String name, String other) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%s'},'spec':{
              'vpcId':'${Vpc/main}','description':'refers','ingress':[
                {'protocol':'tcp','fromPort':80,'toPort':80,'securityGroup':'${SecurityGroup/%s}'}]}}
            """.formatted(name, other);
    }

    /**
     * A service behind a load balancer, with everything that it needs. A change of its image starts a rollout.
     *
     * @param grace the health check grace period in seconds; a change of it starts no rollout
     * @param secrets the names of the secrets that its task receives
     */
    static String service(String image, int grace, String... secrets) {
        List<String> documents = new ArrayList<>(
                List.of(
                        VPC_IN_TWO_ZONES,
                        document("InternetGateway", "main", "'vpcId':'${Vpc/main}'"),
                        document(
                                "SecurityGroup",
                                "tasks",
                                "'vpcId':'${Vpc/main}','description':'tasks','ingress':[{'protocol':'tcp','fromPort':8080,'toPort':8080,'cidrIpv4':'10.0.0.0/16'}]"),
                        document(
                                "LoadBalancer",
                                "main",
                                "'type':'application','scheme':'internet-facing','subnets':['${Subnet/a}','${Subnet/b}'],'securityGroups':['${SecurityGroup/tasks}']"),
                        document(
                                "TargetGroup",
                                "app",
                                "'protocol':'HTTP','port':8080,'vpcId':'${Vpc/main}','targetType':'ip','healthCheckPath':'/health'"),
                        document(
                                "Listener",
                                "http",
                                "'loadBalancerArn':'${LoadBalancer/main}','port':80,'protocol':'HTTP','defaultActions':[{'type':'forward','targetGroupArn':'${TargetGroup/app}'}]"),
                        document("EcsCluster", "main", "'settings':[{'name':'containerInsights','value':'disabled'}]"),
                        role(secrets),
                        taskDefinition(image, secrets),
                        document(
                                "EcsService",
                                "app",
                                "'cluster':'${EcsCluster/main}','taskDefinition':'${TaskDefinition/app}','desiredCount':1,'launchType':'FARGATE',"
                                        + "'networkConfiguration':{'awsvpcConfiguration':{'subnets':['${Subnet/a}','${Subnet/b}'],'securityGroups':['${SecurityGroup/tasks}']}},"
                                        + "'loadBalancers':[{'targetGroupArn':'${TargetGroup/app}','containerName':'app','containerPort':8080}],"
                                        + "'healthCheckGracePeriodSeconds':" + grace + ","
                                        + "'deploymentConfiguration':{'deploymentCircuitBreaker':{'enable':true,'rollback':true}}")));
        for (String secret : secrets) {
            documents.add(document(
                    "Secret", secret, "'name':'App/" + secret + "','generateSecretString':{'passwordLength':30}"));
        }
        return of(documents.toArray(String[]::new));
    }

    private static String role(String... secrets) {
        String description = "'description':'what ECS does to start a task',";
        String trust =
                "'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]}";
        String arns =
                Arrays.stream(secrets).map(s -> "'${Secret/" + s + ".arn}'").collect(Collectors.joining(","));
        String policies = secrets.length == 0
                ? ""
                : ",'policies':[{'policyName':'secrets','policyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'secretsmanager:GetSecretValue','Resource':["
                        + arns + "]}]}}]";
        return document("Role", "app", description + trust + policies);
    }

    private static String taskDefinition(String image, String... secrets) {
        String given = Arrays.stream(secrets)
                .map(s -> "{'name':'" + s.toUpperCase(Locale.ROOT) + "','valueFrom':'${Secret/" + s + ".arn}'}")
                .collect(Collectors.joining(","));
        return document(
                "TaskDefinition",
                "app",
                "'cpu':'256','memory':'512','networkMode':'awsvpc','requiresCompatibilities':['FARGATE'],'executionRoleArn':'${Role/app}','taskRoleArn':'${Role/app}',"
                        + "'containerDefinitions':[{'name':'app','image':'" + image
                        + "','essential':true,'portMappings':[{'containerPort':8080}],'secrets':[" + given + "]}]");
    }

    static String subnet(String name, String cidr, String zone) {
        return document(
                "Subnet", name, "'vpcId':'${Vpc/main}','cidrBlock':'" + cidr + "','availabilityZone':'" + zone + "'");
    }

    /** @param lifecycle the members of the lifecycle; may be empty */
    static String document(String kind, String name, String lifecycle, String spec) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'" + kind + "','metadata':{'name':'" + name + "'},'lifecycle':{"
                + lifecycle + "},'spec':{" + spec + "}}";
    }

    static String document(String kind, String name, String spec) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'" + kind + "','metadata':{'name':'" + name + "'},'spec':{"
                + spec + "}}";
    }
}
