package dev.holdfast.twin.elbv2;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/** The default attributes of new resources. AWS refuses all other names. */
final class ElbAttributes {
    private static final Map<String, String> APPLICATION = new TreeMap<>();
    private static final Map<String, String> NETWORK = new TreeMap<>();
    private static final Map<String, String> HTTP_GROUP = new TreeMap<>();
    private static final Map<String, String> TCP_GROUP = new TreeMap<>();
    private static final Map<String, String> HTTP_LISTENER = new TreeMap<>();

    static {
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
        both(APPLICATION, NETWORK, "access_logs.s3.enabled", "false");
        both(APPLICATION, NETWORK, "access_logs.s3.bucket", "");
        both(APPLICATION, NETWORK, "access_logs.s3.prefix", "");
        both(APPLICATION, NETWORK, "deletion_protection.enabled", "false");
        both(APPLICATION, NETWORK, "ipv6.deny_all_igw_traffic", "false");
        both(APPLICATION, NETWORK, "zonal_shift.config.enabled", "false");
        APPLICATION.put("load_balancing.cross_zone.enabled", "true");
        APPLICATION.put("client_keep_alive.seconds", "3600");
        APPLICATION.put("connection_logs.s3.enabled", "false");
        APPLICATION.put("connection_logs.s3.bucket", "");
        APPLICATION.put("connection_logs.s3.prefix", "");
        APPLICATION.put("idle_timeout.timeout_seconds", "60");
        APPLICATION.put("routing.http.desync_mitigation_mode", "defensive");
        APPLICATION.put("routing.http.drop_invalid_header_fields.enabled", "false");
        APPLICATION.put("routing.http.preserve_host_header.enabled", "false");
        APPLICATION.put("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false");
        APPLICATION.put("routing.http.xff_client_port.enabled", "false");
        APPLICATION.put("routing.http.xff_header_processing.mode", "append");
        APPLICATION.put("routing.http2.enabled", "true");
        APPLICATION.put("waf.fail_open.enabled", "false");
        NETWORK.put("load_balancing.cross_zone.enabled", "false");
        NETWORK.put("dns_record.client_routing_policy", "any_availability_zone");

        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
        both(HTTP_GROUP, TCP_GROUP, "deregistration_delay.timeout_seconds", "300");
        both(HTTP_GROUP, TCP_GROUP, "stickiness.enabled", "false");
        both(HTTP_GROUP, TCP_GROUP, "load_balancing.cross_zone.enabled", "use_load_balancer_configuration");
        both(HTTP_GROUP, TCP_GROUP, "target_group_health.dns_failover.minimum_healthy_targets.count", "1");
        both(HTTP_GROUP, TCP_GROUP, "target_group_health.dns_failover.minimum_healthy_targets.percentage", "off");
        both(HTTP_GROUP, TCP_GROUP, "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1");
        both(
                HTTP_GROUP,
                TCP_GROUP,
                "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
                "off");
        HTTP_GROUP.put("stickiness.type", "lb_cookie");
        HTTP_GROUP.put("stickiness.lb_cookie.duration_seconds", "86400");
        HTTP_GROUP.put("stickiness.app_cookie.cookie_name", "");
        HTTP_GROUP.put("stickiness.app_cookie.duration_seconds", "86400");
        HTTP_GROUP.put("slow_start.duration_seconds", "0");
        HTTP_GROUP.put("load_balancing.algorithm.type", "round_robin");
        HTTP_GROUP.put("load_balancing.algorithm.anomaly_mitigation", "off");
        TCP_GROUP.put("stickiness.type", "source_ip");
        TCP_GROUP.put("deregistration_delay.connection_termination.enabled", "false");
        TCP_GROUP.put("preserve_client_ip.enabled", "false");
        TCP_GROUP.put("proxy_protocol_v2.enabled", "false");
        TCP_GROUP.put("target_health_state.unhealthy.connection_termination.enabled", "true");
        TCP_GROUP.put("target_health_state.unhealthy.draining_interval_seconds", "0");

        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
        HTTP_LISTENER.put("routing.http.response.server.enabled", "true");
        for (String header : new String[] {
            "strict_transport_security",
            "access_control_allow_origin",
            "access_control_allow_methods",
            "access_control_allow_headers",
            "access_control_allow_credentials",
            "access_control_expose_headers",
            "access_control_max_age",
            "content_security_policy",
            "x_content_type_options",
            "x_frame_options"
        }) {
            HTTP_LISTENER.put("routing.http.response." + header + ".header_value", "");
        }
    }

    private ElbAttributes() {}

    static Map<String, String> ofLoadBalancer(boolean application) {
        return new TreeMap<>(application ? APPLICATION : NETWORK);
    }

    static Map<String, String> ofTargetGroup(ProtocolEnum protocol) {
        return new TreeMap<>(isHttp(protocol) ? HTTP_GROUP : TCP_GROUP);
    }

    static Map<String, String> ofListener(ProtocolEnum protocol) {
        if (isHttp(protocol)) {
            return new TreeMap<>(HTTP_LISTENER);
        }
        return protocol == ProtocolEnum.TCP
                ? new TreeMap<>(Map.of("tcp.idle_timeout.seconds", "350"))
                : new TreeMap<>();
    }

    static boolean isHttp(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTP || protocol == ProtocolEnum.HTTPS;
    }

    private static void both(Map<String, String> one, Map<String, String> other, String key, String value) {
        one.put(key, value);
        other.put(key, value);
    }
}
