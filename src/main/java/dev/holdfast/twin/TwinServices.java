package dev.holdfast.twin;

import dev.holdfast.twin.acm.TwinAcm;
import dev.holdfast.twin.autoscaling.TwinAutoScaling;
import dev.holdfast.twin.cloudfront.TwinCloudFront;
import dev.holdfast.twin.cloudtrail.TwinCloudTrail;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.ecr.TwinEcr;
import dev.holdfast.twin.ecs.TwinEcs;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import dev.holdfast.twin.elbv2.TwinElb;
import dev.holdfast.twin.events.TwinEventBridge;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.kms.TwinKms;
import dev.holdfast.twin.lambda.TwinLambda;
import dev.holdfast.twin.logs.TwinLogs;
import dev.holdfast.twin.rds.TwinRds;
import dev.holdfast.twin.route53.TwinRoute53;
import dev.holdfast.twin.s3.TwinS3;
import dev.holdfast.twin.secrets.TwinSecrets;
import dev.holdfast.twin.sns.TwinSns;
import dev.holdfast.twin.sqs.TwinSqs;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.sts.TwinSts;
import dev.holdfast.twin.tagging.TwinTagging;
import dev.holdfast.twin.waf.TwinWaf;
import dev.holdfast.twin.xray.TwinXray;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The services that a twin has. */
public final class TwinServices {
    /** @param global whether all regions of an account share one instance */
    record Entry<T extends TwinService>(Class<T> type, boolean global, Function<TwinContext, T> make) {}

    static final List<Entry<?>> ALL = List.of(
            new Entry<>(TwinEc2.class, false, TwinEc2::new),
            new Entry<>(TwinEcs.class, false, TwinEcs::new),
            new Entry<>(TwinElb.class, false, TwinElb::new),
            new Entry<>(TwinAutoScaling.class, false, TwinAutoScaling::new),
            new Entry<>(TwinCloudWatch.class, false, TwinCloudWatch::new),
            new Entry<>(TwinLogs.class, false, TwinLogs::new),
            new Entry<>(TwinRds.class, false, TwinRds::new),
            new Entry<>(TwinKms.class, false, TwinKms::new),
            new Entry<>(TwinLambda.class, false, TwinLambda::new),
            new Entry<>(TwinElastiCache.class, false, TwinElastiCache::new),
            new Entry<>(TwinSns.class, false, TwinSns::new),
            new Entry<>(TwinAcm.class, false, TwinAcm::new),
            new Entry<>(TwinEcr.class, false, TwinEcr::new),
            new Entry<>(TwinSecrets.class, false, TwinSecrets::new),
            new Entry<>(TwinIam.class, true, TwinIam::new),
            new Entry<>(TwinRoute53.class, true, TwinRoute53::new),
            new Entry<>(TwinCloudFront.class, true, TwinCloudFront::new),
            new Entry<>(TwinS3.class, true, TwinS3::new),
            new Entry<>(TwinSts.class, true, TwinSts::new),
            new Entry<>(TwinXray.class, false, TwinXray::new),
            new Entry<>(TwinWaf.class, false, TwinWaf::new),
            new Entry<>(TwinSqs.class, false, TwinSqs::new),
            new Entry<>(TwinEventBridge.class, false, TwinEventBridge::new),
            new Entry<>(TwinCloudTrail.class, false, TwinCloudTrail::new),
            new Entry<>(TwinTagging.class, false, TwinTagging::new));

    private TwinServices() {}

    /** The classes of the twins, one for each service. */
    public static Stream<Class<? extends TwinService>> types() {
        return ALL.stream().map(Entry::type);
    }
}
