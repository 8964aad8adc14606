package dev.holdfast.engine;

/** Documents whose resources can have another name, and another lifecycle. */
final class RenamedDocs {
    private RenamedDocs() {}

    /** A subnet with a route table that uses it. */
    static String routed(String subnet, String lifecycle) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'%1$s'},%2$s
              'spec':{'vpcId':'${Vpc/main}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}},
            {'apiVersion':'holdfast.dev/v1','kind':'RouteTable','metadata':{'name':'main'},'spec':{
              'vpcId':'${Vpc/main}','routes':[],'associations':[{'subnetId':'${Subnet/%1$s}'}]}}
            """.formatted(subnet, of(lifecycle, "Subnet")));
    }

    static String group(String name, String lifecycle) {
        return Docs.of("{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'" + name + "'},"
                + of(lifecycle, "LogGroup") + "'spec':{'logGroupName':'app'}}");
    }

    static String topic(String name, String lifecycle) {
        return Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Topic','metadata':{'name':'%1$s'},%2$s'spec':{'topicName':'alerts'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Alarm','metadata':{'name':'cpu'},'spec':{
              'alarmActions':['${Topic/%1$s}'],'namespace':'AWS/ECS','metricName':'CPUUtilization','statistic':'Average',
              'period':60,'evaluationPeriods':1,'threshold':80,'comparisonOperator':'GreaterThanThreshold'}}
            """.formatted(name, of(lifecycle, "Topic")));
    }

    /** A lifecycle with the former id of a resource of the kind. */
    static String former(String name) {
        return "'lifecycle':{'adopt':'IfUnowned','id':'%s/" + name + "'},";
    }

    static String network(String name, String lifecycle) {
        return Docs.of(networkOf(name, lifecycle));
    }

    private static String networkOf(String name, String lifecycle) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'%1$s'},%2$s
              'spec':{'cidrBlock':'10.0.0.0/16'}},
            {'apiVersion':'holdfast.dev/v1','kind':'Subnet','metadata':{'name':'%1$s'},%3$s
              'spec':{'vpcId':'${Vpc/%1$s}','cidrBlock':'10.0.0.0/24','availabilityZone':'eu-west-2a'}}
            """.formatted(name, of(lifecycle, "Vpc"), of(lifecycle, "Subnet"));
    }

    /** Kinds of each form of ownership: by tags, by a parent, and by the record alone. */
    static String documents(String name, String lifecycle) {
        return Docs.of(networkOf(name, lifecycle) + ","
                + """
            {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'%1$s'},%2$s'spec':{'logGroupName':'app'}},
            {'apiVersion':'holdfast.dev/v1','kind':'MetricFilter','metadata':{'name':'%1$s'},%3$s'spec':{
              'logGroupName':'${LogGroup/%1$s}','filterName':'errors','filterPattern':'ERROR',
              'metricTransformations':[{'metricName':'errors','metricNamespace':'app','metricValue':'1'}]}},
            {'apiVersion':'holdfast.dev/v1','kind':'Dashboard','metadata':{'name':'%1$s'},%4$s'spec':{
              'dashboardName':'board','dashboardBody':{'widgets':[]}}}
            """.formatted(
                        name, of(lifecycle, "LogGroup"), of(lifecycle, "MetricFilter"), of(lifecycle, "Dashboard")));
    }

    private static String of(String lifecycle, String kind) {
        return lifecycle.isEmpty() ? "" : lifecycle.formatted(kind);
    }
}
