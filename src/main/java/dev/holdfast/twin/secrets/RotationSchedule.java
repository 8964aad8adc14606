package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * The time of a secret's next rotation, from a number of days, a rate, or a cron expression in UTC whose windows open
 * on the hour.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html">Schedules</a>
 */
final class RotationSchedule {
    private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (hours?|days?)\\)");
    private static final Pattern CRON = Pattern.compile("cron\\((\\S+) (\\S+) (\\S+) (\\S+) (\\S+) (\\S+)\\)");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final int TWO_YEARS = 2 * 366 * 24;

    private RotationSchedule() {}

    static void check(@Nullable RotationRulesType rules) {
        if (rules == null || (rules.automaticallyAfterDays() == null && rules.scheduleExpression() == null)) {
            throw invalid("You must specify a rotation schedule: AutomaticallyAfterDays or ScheduleExpression.");
        }
        if (rules.automaticallyAfterDays() != null && rules.scheduleExpression() != null) {
            throw invalid("You can't specify both AutomaticallyAfterDays and ScheduleExpression.");
        }
        if (rules.duration() != null && !rules.duration().matches("[0-9]{1,2}h")) {
            throw invalid("The duration must be in hours, for example 3h.");
        }
        String expression = rules.scheduleExpression();
        if (expression != null) {
            Matcher rate = RATE.matcher(expression);
            Matcher cron = CRON.matcher(expression);
            boolean good = rate.matches()
                    ? !rate.group(2).startsWith("hour") || Integer.parseInt(rate.group(1)) >= 4
                    : cron.matches() && cron.group(1).equals("0");
            if (!good) {
                throw invalid("Invalid ScheduleExpression.");
            }
        }
    }

    private static AwsServiceException invalid(String message) {
        return named(InvalidParameterException.builder(), message);
    }

    /** The days of a rate in days; null for any other schedule. */
    static @Nullable Long days(RotationRulesType rules) {
        Matcher rate = RATE.matcher(rules.scheduleExpression() == null ? "" : rules.scheduleExpression());
        return rate.matches() && rate.group(2).startsWith("day") ? Long.valueOf(rate.group(1)) : null;
    }

    static @Nullable Instant next(RotationRulesType rules, Instant from) {
        if (rules.automaticallyAfterDays() != null) {
            return from.plus(Duration.ofDays(rules.automaticallyAfterDays()));
        }
        Matcher rate = RATE.matcher(rules.scheduleExpression());
        if (rate.matches()) {
            long n = Long.parseLong(rate.group(1));
            return from.plus(rate.group(2).startsWith("hour") ? Duration.ofHours(n) : Duration.ofDays(n));
        }
        Matcher cron = CRON.matcher(rules.scheduleExpression());
        if (!cron.matches()) {
            return null;
        }
        ZonedDateTime hour = from.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        for (int i = 0; i < TWO_YEARS; i++) {
            hour = hour.plusHours(1);
            if (opens(cron, hour)) {
                return hour.toInstant();
            }
        }
        return null;
    }

    private static boolean opens(Matcher cron, ZonedDateTime hour) {
        return holds(cron.group(2), hour.getHour())
                && day(cron.group(3), hour)
                && holds(cron.group(4), hour.getMonthValue())
                && weekday(cron.group(5), hour)
                && holds(cron.group(6), hour.getYear());
    }

    private static boolean day(String field, ZonedDateTime hour) {
        boolean last = hour.getDayOfMonth() == hour.toLocalDate().lengthOfMonth();
        return field.equals("L") ? last : holds(field, hour.getDayOfMonth());
    }

    /** Whether a day-of-week field matches. SUN is 1; {@code TUE#2} is the second Tuesday of the month. */
    private static boolean weekday(String field, ZonedDateTime hour) {
        String numbers = field.toUpperCase(Locale.ROOT);
        for (int i = 0; i < DAYS.size(); i++) {
            numbers = numbers.replace(DAYS.get(i), Integer.toString(i + 1));
        }
        int today = hour.getDayOfWeek().getValue() % 7 + 1;
        int hash = numbers.indexOf('#');
        return hash < 0
                ? holds(numbers, today)
                : holds(numbers.substring(0, hash), today)
                        && (hour.getDayOfMonth() + 6) / 7 == Integer.parseInt(numbers.substring(hash + 1));
    }

    /** Whether a field matches: stars, numbers, lists, ranges and steps. */
    private static boolean holds(String field, int value) {
        for (String part : field.split(",")) {
            String[] step = part.split("/");
            String[] range = step[0].split("-");
            boolean any = step[0].equals("*") || step[0].equals("?");
            int from = any ? 0 : Integer.parseInt(range[0]);
            int to = any || (step.length > 1 && range.length == 1)
                    ? Integer.MAX_VALUE
                    : Integer.parseInt(range[range.length - 1]);
            int by = step.length > 1 ? Integer.parseInt(step[1]) : 1;
            if (value >= from && value <= to && (value - from) % by == 0) {
                return true;
            }
        }
        return false;
    }
}
