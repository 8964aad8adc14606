package dev.holdfast.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plausible desired state: a network, an ingress, up to four services, and other resources. */
final class RandomStack {
    private static final String CERTIFICATE = "'arn:aws:acm:eu-west-2:123456789012:certificate/6f1f7a3e'";
    private static final List<String> SERVICES = List.of("alpha", "beta", "gamma", "delta");

    private final Random random;
    private final List<String> documents = new ArrayList<>();

    private RandomStack(Random random) {
        this.random = random;
    }

    /** An array of documents, with single quotes instead of double ones. */
    static String documents(Random random) {
        RandomStack stack = new RandomStack(random);
        stack.base();
        List<Integer> priorities = new ArrayList<>(List.of(10, 20, 30, 40));
        Collections.shuffle(priorities, random);
        for (int i = 0; i < SERVICES.size(); i++) {
            if (random.nextInt(4) > 0) {
                stack.service(SERVICES.get(i), priorities.get(i));
            }
        }
        stack.beside();
        return stack.documents.stream().collect(Collectors.joining(",\n", "[", "]"));
    }

    private void document(String kind, String name, String... members) {
        documents.add("{'apiVersion':'holdfast.dev/v1','kind':'" + kind + "','metadata':{'name':'" + name
                + "'},'spec':{" + Stream.of(members).filter(m -> !m.isEmpty()).collect(Collectors.joining(",")) + "}}");
    }

    private String oneOf(String... values) {
        return values[random.nextInt(values.length)];
    }

    private String perhaps(String value) {
        return random.nextBoolean() ? value : "";
    }

    private String someOf(String... values) {
        return Stream.of(values)
                .filter(v -> random.nextBoolean())
                .map(v -> "'" + v + "'")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void base() {
        document(
                "Network",
                "main",
                // Mostly the same range, because another range replaces every resource.
                "'cidrBlock':" + oneOf("'10.20.0.0/16'", "'10.20.0.0/16'", "'10.20.0.0/16'", "'10.40.0.0/16'"),
                "'zones':" + oneOf("['a','b']", "['a','b','c']", "['b','c']"),
                "'natGateways':" + oneOf("'One'", "'OnePerZone'"),
                "'gatewayEndpoints':" + oneOf("['s3']", "['s3','dynamodb']", "[]"),
                "'interfaceEndpoints':" + someOf("ecr.api", "logs"),
                "'containerPorts':[8080,9090]",
                "'ingressCidrs':" + oneOf("['0.0.0.0/0']", "['192.0.2.0/24','198.51.100.0/24']"));
        document("EcsCluster", "main", perhaps("'settings':[{'name':'containerInsights','value':'enabled'}]"));
        document("Ingress", "main", perhaps("'certificateArn':" + CERTIFICATE));
        document(
                "Topic",
                "alerts",
                perhaps("'subscriptions':[{'protocol':'sqs','endpoint':"
                        + "'arn:aws:sqs:eu-west-2:123456789012:alerts'}]"));
    }

    private void service(String name, int priority) {
        boolean exposed = random.nextInt(4) > 0;
        document(
                "Service",
                name,
                "'image':'public.ecr.aws/skin/" + name + ":" + oneOf("1", "2", "3") + "'",
                "'port':" + oneOf("8080", "9090"),
                exposed ? "'paths':['/" + name + "','/" + name + "/*'],'priority':" + priority : "",
                perhaps("'healthCheckPath':'/up'"),
                "'cpu':" + oneOf("256", "512") + ",'memory':" + oneOf("1024", "2048"),
                perhaps("'environment':{'LEVEL':'" + oneOf("info", "debug") + "'}"),
                perhaps("'secrets':{'KEY':{}" + oneOf("", ",'OTHER':{}") + "}"),
                "'logRetentionInDays':" + oneOf("7", "30"),
                "'scaling':" + oneOf("false", "{'min':1,'max':3}", "{'min':2,'max':4,'cpu':50}"),
                "'desiredCount':" + oneOf("1", "2"),
                "'alarms':" + oneOf("false", "{'actions':['${Topic/alerts}']}", "{'cpu':70}"),
                perhaps("'tracing':true"),
                perhaps("'repository':{'keep':" + oneOf("5", "10") + "}"),
                perhaps("'statements':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'*'}]"),
                perhaps("'tags':{'Team':'" + oneOf("red", "blue") + "'}"),
                perhaps("'overrides':{'LogGroup':{'tags':{'Kept':'long'}}}"));
    }

    private void beside() {
        if (random.nextBoolean()) {
            document("LogGroup", "audit", "'logGroupName':'" + oneOf("/audit/one", "/audit/two") + "'");
        }
        if (random.nextBoolean()) {
            document("ElasticIp", "egress");
        }
        if (random.nextBoolean()) {
            document(
                    "SecurityGroup",
                    "office",
                    "'vpcId':'${Network/main.vpcId}'",
                    "'description':'" + oneOf("Office", "Offices") + "'",
                    "'ingress':[{'protocol':'tcp','fromPort':22,'toPort':22,'cidrIpv4':'"
                            + oneOf("192.0.2.0/24", "203.0.113.0/24") + "'}]");
        }
        if (random.nextBoolean()) {
            document(
                    "Bucket",
                    "files",
                    "'bucketName':'files-of-the-test'",
                    "'versioning':" + oneOf("'Enabled'", "'Suspended'"),
                    "'publicAccessBlock':{'blockPublicAcls':true,'ignorePublicAcls':true,'blockPublicPolicy':true,"
                            + "'restrictPublicBuckets':true}");
        }
        if (random.nextBoolean()) {
            document("Dashboard", "all", "'dashboardName':'all'", "'dashboardBody':{'widgets':[]}");
        }
    }
}
