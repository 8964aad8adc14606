package dev.holdfast.twin.ec2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The twin of Ec2Client, as far as the kinds need it. */
public final class TwinEc2 implements Ec2Client, TwinService {
    private final TwinContext context;

    public TwinEc2(TwinContext context) {
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
