package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.EventSink.ServiceEvent;
import dev.holdfast.twin.store.ServiceTrail;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3BucketNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;

/**
 * The twin of CloudTrail: trails, and a record of each call that changes something. While a trail logs, EventBridge
 * receives the record. The twin keeps no records and writes no log files.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html">Events delivered
 *     via CloudTrail</a>
 */
public final class TwinCloudTrail implements CloudTrailClient, TwinService, ServiceTrail {
    private static final String REGISTRY = "us-east-1";
    private static final String FROM_THE_START = "management-events";

    private final TwinContext context;
    /** The trails by ARN. The twin of one region holds the trails of all regions. */
    private final Map<String, LoggedTrail> trails = new TreeMap<>();

    public TwinCloudTrail(TwinContext context) {
        this.context = context;
    }

    /** Records a finished call, if a rule of EventBridge could match the record. */
    public void record(ApiCall call) {
        String region = EventNames.region(call.service(), context.region());
        EventSink bus = context.peerIn(region, EventSink.class);
        if (bus.listening() && EventNames.recorded(call) && logging(region)) {
            deliver(bus, EventNames.source(call.service()), CallRecord.of(call, context));
        }
    }

    private void deliver(EventSink bus, String source, ObjectNode record) {
        bus.send(new ServiceEvent("aws." + source, "AWS API Call via CloudTrail", context.now(), List.of(), record));
    }

    @Override
    public void happened(String service, String eventName, Instant at, ObjectNode additional) {
        EventSink bus = context.peer(EventSink.class);
        if (bus.listening() && logging(context.region())) {
            ObjectNode record = ServiceRecord.of(service, eventName, at, context);
            record.set("additionalEventData", additional);
            bus.send(new ServiceEvent("aws." + service, "AWS Service Event via CloudTrail", at, List.of(), record));
        }
    }

    @Override
    public void called(ServiceCaller by, String operation, SdkPojo input, SdkPojo output) {
        EventSink bus = context.peer(EventSink.class);
        if (bus.listening() && logging(context.region())) {
            ApiCall.Origin origin = new ApiCall.Origin("", context.uuid(), by.principal(), by.principal());
            ApiCall call = new ApiCall(by.called(), operation, origin, input, output, null);
            deliver(bus, by.called(), ServiceRecord.by(by, CallRecord.of(call, context), context));
        }
    }

    private boolean logging(String region) {
        return all().values().stream().anyMatch(trail -> trail.logs(region));
    }

    private Map<String, LoggedTrail> all() {
        Map<String, LoggedTrail> all = context.peerIn(REGISTRY, TwinCloudTrail.class).trails;
        String arn = arn(REGISTRY, FROM_THE_START);
        if (context.settings().events().trail() && !all.containsKey(arn)) {
            LoggedTrail trail = new LoggedTrail(Trail.builder()
                    .name(FROM_THE_START)
                    .trailARN(arn)
                    .homeRegion(REGISTRY)
                    .s3BucketName("aws-cloudtrail-logs-" + context.account())
                    .isMultiRegionTrail(true)
                    .includeGlobalServiceEvents(true)
                    .logFileValidationEnabled(true)
                    .isOrganizationTrail(false)
                    .build());
            start(trail);
            all.put(arn, trail);
        }
        return all;
    }

    private String arn(String region, String name) {
        return "arn:aws:cloudtrail:" + region + ":" + context.account() + ":trail/" + name;
    }

    private void start(LoggedTrail trail) {
        trail.logging = true;
        trail.startedAt = context.now();
    }

    /** Finds a trail by its ARN, or by its name in its home region. */
    private LoggedTrail trail(@Nullable String name) {
        String asked = String.valueOf(name);
        LoggedTrail trail = all().get(asked.startsWith("arn:") ? asked : arn(context.region(), asked));
        if (trail == null) {
            throw missing(asked);
        }
        return trail;
    }

    private AwsServiceException missing(String name) {
        return TwinErrors.named(
                TrailNotFoundException.builder(),
                "Unknown trail: " + (name.startsWith("arn:") ? name : arn(context.region(), name)) + " for the user: "
                        + context.account());
    }

    /** A trail can be changed only in its home region. */
    private LoggedTrail own(@Nullable String name) {
        LoggedTrail trail = trail(name);
        if (!context.region().equals(trail.shape.homeRegion())) {
            throw TwinErrors.named(
                    InvalidHomeRegionException.builder(),
                    "Trail " + trail.shape.trailARN() + " is not in its home region.");
        }
        return trail;
    }

    @Override
    public CreateTrailResponse createTrail(CreateTrailRequest r) {
        String name = String.valueOf(r.name());
        String arn = arn(context.region(), name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{2,127}")) {
            throw TwinErrors.named(
                    InvalidTrailNameException.builder(),
                    "Trail name must be between 3 and 128 characters, and contain only letters, digits, ., _ and -");
        }
        if (r.s3BucketName() == null) {
            throw TwinErrors.named(InvalidS3BucketNameException.builder(), "Bucket name cannot be blank!");
        }
        if (all().containsKey(arn)) {
            throw TwinErrors.named(
                    TrailAlreadyExistsException.builder(), "Trail " + name + " already exists for customer.");
        }
        LoggedTrail trail = new LoggedTrail(Trail.builder()
                .name(name)
                .trailARN(arn)
                .homeRegion(context.region())
                .s3BucketName(r.s3BucketName())
                .s3KeyPrefix(r.s3KeyPrefix())
                .includeGlobalServiceEvents(Objects.requireNonNullElse(r.includeGlobalServiceEvents(), true))
                .isMultiRegionTrail(Boolean.TRUE.equals(r.isMultiRegionTrail()))
                .logFileValidationEnabled(Boolean.TRUE.equals(r.enableLogFileValidation()))
                .kmsKeyId(r.kmsKeyId())
                .isOrganizationTrail(false)
                .build());
        r.tagsList().forEach(tag -> trail.tags.put(tag.key(), Objects.requireNonNullElse(tag.value(), "")));
        all().put(arn, trail);
        return SdkShapes.copy(trail.shape, CreateTrailResponse.builder()).build();
    }

    @Override
    public DeleteTrailResponse deleteTrail(DeleteTrailRequest r) {
        all().remove(own(r.name()).shape.trailARN());
        return DeleteTrailResponse.builder().build();
    }

    @Override
    public StartLoggingResponse startLogging(StartLoggingRequest r) {
        start(own(r.name()));
        return StartLoggingResponse.builder().build();
    }

    @Override
    public StopLoggingResponse stopLogging(StopLoggingRequest r) {
        LoggedTrail trail = own(r.name());
        trail.logging = false;
        trail.stoppedAt = context.now();
        return StopLoggingResponse.builder().build();
    }

    @Override
    public DescribeTrailsResponse describeTrails(DescribeTrailsRequest r) {
        boolean shadows = !Boolean.FALSE.equals(r.includeShadowTrails());
        List<Trail> found = all().values().stream()
                .map(trail -> trail.shape)
                .filter(trail -> context.region().equals(trail.homeRegion())
                        || (shadows && Boolean.TRUE.equals(trail.isMultiRegionTrail())))
                .filter(trail -> r.trailNameList().isEmpty()
                        || r.trailNameList().contains(trail.name())
                        || r.trailNameList().contains(trail.trailARN()))
                .toList();
        return DescribeTrailsResponse.builder().trailList(found).build();
    }

    @Override
    public GetTrailResponse getTrail(GetTrailRequest r) {
        return GetTrailResponse.builder().trail(trail(r.name()).shape).build();
    }

    @Override
    public GetTrailStatusResponse getTrailStatus(GetTrailStatusRequest r) {
        LoggedTrail trail = trail(r.name());
        return GetTrailStatusResponse.builder()
                .isLogging(trail.logging)
                .startLoggingTime(trail.startedAt)
                .stopLoggingTime(trail.stoppedAt)
                .timeLoggingStarted(text(trail.startedAt))
                .timeLoggingStopped(text(trail.stoppedAt))
                .build();
    }

    private static String text(@Nullable Instant at) {
        return at == null ? "" : at.toString();
    }

    /** Every trail of the twin logs all management events. */
    @Override
    public GetEventSelectorsResponse getEventSelectors(GetEventSelectorsRequest r) {
        return GetEventSelectorsResponse.builder()
                .trailARN(trail(r.trailName()).shape.trailARN())
                .eventSelectors(s -> s.readWriteType(ReadWriteType.ALL)
                        .includeManagementEvents(true)
                        .dataResources(List.of())
                        .excludeManagementEventSources(List.of()))
                .build();
    }

    @Override
    public List<TwinItem> inventory() {
        return trails.values().stream()
                .filter(trail -> !trail.shape.name().equals(FROM_THE_START))
                .map(trail -> new TwinItem(
                        "cloudtrail:trail",
                        trail.shape.name(),
                        trail.shape.trailARN(),
                        trail.tags,
                        trail.shape + " " + trail.logging))
                .toList();
    }
}
