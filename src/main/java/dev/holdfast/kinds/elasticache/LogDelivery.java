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
 * The destination and format of one log of a cache.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html">Log delivery</a>
 */
public record LogDelivery(
        @Doc("The log: slow-log or engine-log.") @Required LogType logType,

        @Doc("The type of destination: cloudwatch-logs or kinesis-firehose.") @Required
        DestinationType destinationType,

        @Doc("The log group or stream that receives the log.") @Required
        Details destinationDetails,

        @Doc("The format of the lines: json or text.") @Required
        LogFormat logFormat)
        implements Keyed {

    @Override
    public String key() {
        return String.valueOf(logType);
    }

    /** One of the two destinations. */
    @OneOf({"cloudWatchLogsDetails", "kinesisFirehoseDetails"})
    public record Details(
            @Doc("A log group.") LogGroupDetails cloudWatchLogsDetails,
            @Doc("A stream of Firehose.") StreamDetails kinesisFirehoseDetails) {}

    /** A log group. */
    public record LogGroupDetails(
            @Doc("The name of the log group.") @Required @Ref("LogGroup")
            String logGroup) {}

    /** A stream of Firehose. */
    public record StreamDetails(
            @Doc("The name of the stream.") @Required String deliveryStream) {}
}
