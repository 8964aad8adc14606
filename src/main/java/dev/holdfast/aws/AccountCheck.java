package dev.holdfast.aws;

import dev.holdfast.model.DueTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Checks that credentials belong to the expected account before anything is read with them, because a read with wrong
 * credentials looks like "everything is missing". Asks STS once an hour for each set of clients.
 */
public final class AccountCheck {
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private record CallerAccount(String account, Instant at) {}

    private final InstantSource clock;
    private final Map<Clients, CallerAccount> answers = new ConcurrentHashMap<>();

    public AccountCheck(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
     *
     * @param expected 12 digits
     * @throws PartialAnswerException if STS's answer has no account
     * @throws WrongAccountException if the clients' credentials belong to another account
     */
    public void verify(Clients clients, String expected) {
        CallerAccount known = answers.get(clients);
        if (known == null
                || !known.account().equals(expected)
                || DueTime.after(known.at(), REMEMBERED).isDue(clock.instant())) {
            String account = clients.client(StsClient.class).getCallerIdentity().account();
            if (account == null) {
                throw new PartialAnswerException("to GetCallerIdentity has no account");
            }
            known = new CallerAccount(account, clock.instant());
            answers.put(clients, known);
        }
        if (!known.account().equals(expected)) {
            throw new WrongAccountException(expected, known.account());
        }
    }
}
