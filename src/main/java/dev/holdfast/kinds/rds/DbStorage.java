package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * What a change of the storage says besides: size and IOPS of provisioned storage go together, and small gp3 has neither IOPS
 * nor throughput to name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html">Storage</a>
 */
final class DbStorage {
    /** Below this size, in GiB, gp3 has fixed IOPS and throughput, and RDS refuses a request that names them. */
    static final int SMALL_GP3 = 400;

    private static final int BASELINE_IOPS = 12000;
    private static final int BASELINE_THROUGHPUT = 500;
    private static final String GP3 = "gp3";

    private DbStorage() {}

    static void beside(ModifyDbInstanceRequest.Builder request, Change<Spec> change) {
        Integer size = change.merged(Spec::allocatedStorage);
        String type = change.merged(Spec::storageType);
        boolean concerns =
                change.touches(Spec::allocatedStorage, Spec::iops, Spec::storageThroughput, Spec::storageType);
        if (!concerns || size == null || type == null) {
            return;
        }
        if (type.startsWith("io")) {
            request.allocatedStorage(size).iops(change.merged(Spec::iops));
        } else if (type.equals(GP3) && size >= SMALL_GP3) {
            // What smaller storage has is below what this size begins with.
            request.allocatedStorage(size)
                    .iops(atLeast(BASELINE_IOPS, Spec::iops, change))
                    .storageThroughput(atLeast(BASELINE_THROUGHPUT, Spec::storageThroughput, change));
        }
    }

    private static @Nullable Integer atLeast(int baseline, Getter<Spec, Integer> field, Change<Spec> change) {
        Integer value = change.merged(field);
        return change.touches(field) || (value != null && value >= baseline) ? value : Integer.valueOf(baseline);
    }
}
