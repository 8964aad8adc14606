package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.OneOf;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import software.amazon.awssdk.services.elasticache.model.DestinationType;
import software.amazon.awssdk.services.elasticache.model.LogFormat;
import software.amazon.awssdk.services.elasticache.model.LogType;

/**
 * Where one of the logs of a cache goes.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html">Log delivery</a>
 */
public record LogDelivery(
        @Doc("Which log: slow-log or engine-log.") @Required LogType logType,

        @Doc("What it goes to: cloudwatch-logs or kinesis-firehose.") @Required
        DestinationType destinationType,

        @Doc("Which log group or stream it goes to.") @Required
        Details destinationDetails,

        @Doc("How lines are written: json or text.") @Required
        LogFormat logFormat)
        implements Keyed {

    @Override
    public String key() {
        return String.valueOf(logType);
    }

    /** One of the two. */
    @OneOf({"cloudWatchLogsDetails", "kinesisFirehoseDetails"})
    public record Details(
            @Doc("A log group.") LogGroupDetails cloudWatchLogsDetails,
            @Doc("A stream of Firehose.") StreamDetails kinesisFirehoseDetails) {}

    /** A log group. */
    public record LogGroupDetails(
            @Doc("Its name.") @Required @Ref("LogGroup") String logGroup) {}

    /** A stream of Firehose. */
    public record StreamDetails(@Doc("Its name.") @Required String deliveryStream) {}
}
