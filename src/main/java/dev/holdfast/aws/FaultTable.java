package dev.holdfast.aws;

import dev.holdfast.model.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of {@code faults.txt}, by service. */
final class FaultTable {
    static final String ANY = "*";

    private static final Map<String, List<FaultRule>> RULES = load();

    private static final Pattern THROTTLED = Pattern.compile("Throttl|RequestLimitExceeded|TooManyRequests|SlowDown");

    /** Services report a throttled request to another service under their own code, such as a key that is not accessible. */
    private static final List<FaultRule> THROTTLES = RULES.getOrDefault(ANY, List.of()).stream()
            .filter(rule -> rule.code().equals(ANY) && rule.category() == Fault.Category.THROTTLED)
            .toList();

    /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
    private static final Pattern SIDE = Pattern.compile("^(Client|Server)\\.");

    /** An error code that is in no table is classified by the first of these patterns that it matches. */
    private static final List<CodePattern> FORMS = List.of(
            form("NotFound|NoSuch|DoesNotExist|NonExistent", Fault.Category.ABSENT),
            form("AlreadyExist|AlreadyOwned|Duplicate|ResourceExists", Fault.Category.EXISTS),
            form(
                    "DependencyViolation|InUse|DeleteConflict|NotEmpty|HasDependen|DependencyTimeout|Contains[A-Z]",
                    Fault.Category.DEPENDENCY),
            form(
                    "AccessDenied|Unauthori[sz]ed|NotAuthori[sz]ed|NotPermitted|Forbidden|AccessException|NotAccessible|RejectedClaim",
                    Fault.Category.DENIED),
            form("LimitExceeded|Quota|TooMany|MaxNumber", Fault.Category.QUOTA),
            form(
                    "Conflict|Concurrent|InProgress|(Incorrect|Invalid)\\w*State(Fault|Exception)?$|OperationAborted"
                            + "|PreconditionFailed|PreconditionNotMet|NotReady|Unmodifiable|Pending|Busy|Disabled|NotEnabled",
                    Fault.Category.CONFLICT),
            form(
                    "Internal(Server|Service)?(Error|Failure|Exception|Fault)?$|Unavailable|Timeout|Insufficient\\w*Capacity|Expired|Streaming|Communication",
                    Fault.Category.TRANSIENT),
            form(
                    "Validation|Invalid|Malformed|Missing|Unknown|Unsupported|NotSupported|BadRequest|OutOfRange|Illegal"
                            + "|Inconsistent|Serialization|TooLarge|TooLong|Incompatible|ParseError|Syntax|Mismatch|Unrecognized|Violation|SizeExceeded",
                    Fault.Category.INVALID));

    private record CodePattern(Pattern code, Fault.Category category) {}

    private FaultTable() {}

    /**
     * @param wireCode the error code as AWS sends it
     * @return null if no rule and no pattern matches
     */
    static Fault.@Nullable Category find(List<FaultRule> ofKind, String service, String wireCode, String message) {
        String code = SIDE.matcher(wireCode).replaceFirst("");
        Fault.Category found = match(ofKind, code, message);
        if (found == null) {
            found = match(RULES.getOrDefault(service, List.of()), code, message);
        }
        if (found == null) {
            found = match(RULES.getOrDefault(ANY, List.of()), code, message);
        }
        return found == null ? byForm(code) : found;
    }

    /** Whether the code or the message reports a throttled request, also of the service to another service. */
    static boolean isThrottled(String code, String message) {
        return THROTTLED.matcher(code).find() || match(THROTTLES, code, message) != null;
    }

    private static Fault.@Nullable Category match(List<FaultRule> rules, String code, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        Fault.Category found = null;
        for (FaultRule rule : rules) {
            if (!rule.code().equalsIgnoreCase(code) && !rule.code().equals(ANY)) {
                continue;
            }
            String fragment = rule.fragment();
            if (fragment != null && text.contains(fragment.toLowerCase(Locale.ROOT))) {
                return rule.category();
            }
            if (fragment == null && found == null) {
                found = rule.category();
            }
        }
        return found;
    }

    private static Fault.@Nullable Category byForm(String code) {
        for (CodePattern form : FORMS) {
            if (form.code().matcher(code).find()) {
                return form.category();
            }
        }
        return null;
    }

    private static CodePattern form(String code, Fault.Category category) {
        return new CodePattern(Pattern.compile(code), category);
    }

    private static Map<String, List<FaultRule>> load() {
        Map<String, List<FaultRule>> rules = new HashMap<>();
        try (InputStream in = FaultTable.class.getResourceAsStream("faults.txt")) {
            if (in == null) {
                throw new IllegalStateException("faults.txt is missing");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.split(" ", 4);
                    rules.computeIfAbsent(parts[0], s -> new ArrayList<>())
                            .add(new FaultRule(
                                    parts[1], parts.length == 4 ? parts[3] : null, Fault.Category.valueOf(parts[2])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rules;
    }
}
