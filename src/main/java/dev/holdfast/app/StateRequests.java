package dev.holdfast.app;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.RateLimits;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.StackState;
import dev.holdfast.state.UserRequest;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Stores the requests of a person in the operator's state, with the person's own AWS credentials. No daemon need be
 * reachable: the daemon that holds the stack finds a request within seconds.
 */
final class StateRequests implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final String location;
    private final ClientFactory clients;
    private final ObjectStore state;

    /** @param location {@code s3://bucket/prefix} or a directory: the daemon's {@code HOLDFAST_STATE} */
    StateRequests(String location) {
        this.location = location;
        String endpoint = ConfigProvider.getConfig()
                .getOptionalValue("AWS_ENDPOINT_URL", String.class)
                .filter(text -> !text.isBlank())
                .orElse(null);
        ClientFactory.Config config = ClientFactory.Config.of(
                endpoint == null ? null : InstallationConfig.endpoint(endpoint),
                DefaultCredentialsProvider.builder().build(),
                "requests",
                RateLimits.ofAws());
        this.clients = new ClientFactory(config.forState());
        if (!InstallationConfig.isS3(location)) {
            CommandContext.checkDirectory(Path.of(location));
        }
        try {
            this.state = ObjectStores.open(location, () -> client(S3Client.class));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--state: " + e.getMessage(), ExitCodes.USAGE);
        }
    }

    private <C extends software.amazon.awssdk.core.SdkClient> C client(Class<C> type) {
        return clients.of("", Operator.region(), null).client(type);
    }

    ObjectStore store() {
        return state;
    }

    /** @throws CommandFailure if there is no such stack, or none is named and there is not exactly one */
    String stack(@Nullable String named) {
        Set<String> stacks = StackState.stacks(state);
        if (named == null && stacks.size() == 1) {
            return stacks.iterator().next();
        }
        if (named != null && stacks.contains(named)) {
            return named;
        }
        throw new CommandFailure(
                (named == null ? "choose a stack with --stack" : "the state has no stack " + named) + ": "
                        + (stacks.isEmpty()
                                ? "no stack has its state in " + location
                                : "the stacks in " + location + " are " + String.join(", ", stacks)),
                named == null ? ExitCodes.USAGE : ExitCodes.ERROR);
    }

    /** The steps of the last plan that wait for an approval. */
    List<HeldStep> held(String stack) {
        return StackState.heldSteps(state, stack);
    }

    /** Stores the request in the name of the AWS identity that the credentials belong to. */
    UserRequest add(String stack, RequestedAct act) {
        String refusal = act.refusal();
        if (refusal != null) {
            throw new CommandFailure(refusal, ExitCodes.USAGE);
        }
        UserRequest request = UserRequest.of(Instant.now(), requester(), act);
        new RequestInbox(state, stack).add(request);
        return request;
    }

    /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html needs no permission. */
    private String requester() {
        return InstallationConfig.isS3(location)
                ? client(StsClient.class).getCallerIdentity().arn()
                : System.getProperty("user.name") + " (a user of the machine with the state)";
    }

    /**
     * Waits for the answer, but no longer than {@code most}.
     *
     * @return null if there is no answer yet
     */
    @Nullable
    RequestAnswer awaitAnswer(String stack, UserRequest request, Duration most) {
        Poll time = new Poll(most);
        RequestAnswer answer;
        do {
            answer = new RequestInbox(state, stack).read().answerTo(request.id());
        } while (answer == null && time.goesOn(LOOK));
        return answer;
    }

    @Override
    public void close() {
        clients.close();
    }
}
