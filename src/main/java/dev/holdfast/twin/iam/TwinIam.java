package dev.holdfast.twin.iam;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;

/** The twin of IAM, as far as the kinds need it: roles and their policies. */
public final class TwinIam implements IamClient, TwinService {
    private final TwinContext context;

    public TwinIam(TwinContext context) {
        this.context = context;
    }

    /**
     * A role as the other services see it now, which is late by {@link dev.holdfast.twin.Delay#IAM_PROPAGATION}.
     *
     * @param services the principals that its trust policy lets assume it: {@code ecs-tasks.amazonaws.com}
     */
    public record RoleView(String arn, String name, Set<String> services) {
        public boolean assumableBy(String service) {
            return services.contains(service);
        }
    }

    /** @return null if there is none, or if it is so new that other services do not see it yet */
    public @Nullable RoleView role(@Nullable String arnOrName) {
        return null;
    }

    /** Whether the policies of a role allow an action now, as the other services see them; false if there is no such role. */
    public boolean allows(@Nullable String roleArnOrName, String action, String resource) {
        return false;
    }

    /** Makes the role that AWS makes for a service by itself ({@code ecs.amazonaws.com}); one that is there stays. */
    public void ensureServiceLinkedRole(String service, String roleName) {}

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
