package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * The additional members of a request that changes the storage. For provisioned storage, RDS requires size and IOPS
 * together; for small gp3, RDS accepts neither IOPS nor throughput.
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
            // The IOPS and throughput of smaller storage are below the minimum of this size.
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
