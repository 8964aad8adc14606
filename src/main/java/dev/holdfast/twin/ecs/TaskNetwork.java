package dev.holdfast.twin.ecs;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;

/**
 * The network interfaces of tasks, one for each task, spread over the subnets. AWS owns them, so nobody else can detach
 * them.
 */
final class TaskNetwork {
    private final TwinContext context;
    private int placed;

    TaskNetwork(TwinContext context) {
        this.context = context;
    }

    /** @return the reason why the task cannot be placed; null if it was placed */
    @Nullable
    String attach(TaskState task, @Nullable NetworkConfiguration network) {
        AwsVpcConfiguration vpc = network == null ? null : network.awsvpcConfiguration();
        if (vpc == null) {
            return null;
        }
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        String subnet = vpc.subnets().get(placed++ % vpc.subnets().size());
        try {
            String id = ec2.createInterface(subnet, groups(ec2, subnet, vpc), description(), true);
            if (vpc.assignPublicIp() == AssignPublicIp.ENABLED) {
                ec2.mapPublicAddress(id);
            }
            NetworkInterface made = ec2.networkInterface(id);
            task.interfaceId = id;
            task.subnetId = subnet;
            task.address = made == null ? null : made.privateIpAddress();
            return null;
        } catch (AwsServiceException e) {
            return e.awsErrorDetails().errorMessage();
        }
    }

    private static List<String> groups(TwinEc2 ec2, String subnet, AwsVpcConfiguration vpc) {
        String vpcId = ec2.vpcOf(subnet);
        String byDefault = vpcId == null ? null : ec2.defaultSecurityGroup(vpcId);
        return !vpc.securityGroups().isEmpty() || byDefault == null ? vpc.securityGroups() : List.of(byDefault);
    }

    private String description() {
        return context.arn("ecs", "attachment/" + context.hex(8) + "-" + context.hex(4) + "-" + context.hex(12));
    }

    void release(TaskState task) {
        if (task.interfaceId != null) {
            context.peer(TwinEc2.class).deleteInterface(task.interfaceId);
            task.interfaceId = null;
            task.address = null;
        }
    }
}
