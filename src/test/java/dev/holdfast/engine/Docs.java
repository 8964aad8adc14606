package dev.holdfast.engine;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small documents that several tests are about. */
final class Docs {
    private Docs() {}

    static String of(String... documents) {
        return "[" + String.join(",", documents) + "]";
    }

    /** An alarm: no dependencies, nothing that it holds, ready at once. */
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

    /** So many alarms, a0, a1 and on. */
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

    /** Its description is immutable, its name generated. */
    static String group(String name, String description, String more) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%s'},%s'spec':{
              'vpcId':'${Vpc/main}','description':'%s','ingress':[]}}
            """.formatted(name, more, description);
    }

    static String groupOf(String name, String other) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'%s'},'spec':{
              'vpcId':'${Vpc/main}','description':'refers','ingress':[
                {'protocol':'tcp','fromPort':80,'toPort':80,'securityGroup':'${SecurityGroup/%s}'}]}}
            """.formatted(name, other);
    }
}
