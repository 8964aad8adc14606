package dev.holdfast.kinds.autoscaling;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The words that name what scales, and the kinds of Application Auto Scaling have in common. */
public final class Scaling {
    private Scaling() {}

    /** The service that the scaled resource belongs to. */
    public enum ServiceNamespace {
        ECS("ecs"),
        RDS("rds"),
        ELASTICACHE("elasticache"),
        DYNAMODB("dynamodb"),
        LAMBDA("lambda");
        private final String wire;

        ServiceNamespace(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    /** What of the resource is scaled. */
    public enum ScalableDimension {
        ECS_SERVICE_DESIRED_COUNT("ecs:service:DesiredCount"),
        RDS_CLUSTER_READ_REPLICA_COUNT("rds:cluster:ReadReplicaCount"),
        ELASTICACHE_NODE_GROUPS("elasticache:replication-group:NodeGroups"),
        ELASTICACHE_REPLICAS("elasticache:replication-group:Replicas"),
        DYNAMODB_TABLE_READ("dynamodb:table:ReadCapacityUnits"),
        DYNAMODB_TABLE_WRITE("dynamodb:table:WriteCapacityUnits"),
        DYNAMODB_INDEX_READ("dynamodb:index:ReadCapacityUnits"),
        DYNAMODB_INDEX_WRITE("dynamodb:index:WriteCapacityUnits"),
        LAMBDA_PROVISIONED_CONCURRENCY("lambda:function:ProvisionedConcurrency");
        private final String wire;

        ScalableDimension(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    /** The constant of that value on the wire; null for one that is not offered here. */
    static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String wire) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> c.toString().equals(wire))
                .findFirst()
                .orElse(null);
    }

    static @Nullable String wire(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.toString();
    }

    /** What is desired, or else what is there: a call that replaces the whole must not reset what nobody declared. */
    static <T> @Nullable T kept(@Nullable T desired, @Nullable T observed) {
        return desired == null ? observed : desired;
    }
}
