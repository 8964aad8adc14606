package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** The twin of ElasticLoadBalancingV2Client, as far as the kinds need it. */
public final class TwinElb implements ElasticLoadBalancingV2Client, TwinService {
    private final TwinContext context;

    public TwinElb(TwinContext context) {
        this.context = context;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return List.of();
    }
}
