package dev.holdfast.app;

import dev.holdfast.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged application as a process of its own. */
final class AppProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    /** The options of the image's JVM, one per line. */
    static final Path OPTIONS_OF_IMAGE = Path.of("src/main/docker/jvm.options");

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private AppProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts it with the options of the image, and with a heap that does not depend on the machine's memory. */
    static AppProcess start(Map<String, String> environment, String... args) {
        return start(List.of("@" + OPTIONS_OF_IMAGE, "-Xmx256m"), environment, args);
    }

    /** The Java launcher of this JVM. */
    static String java() {
        return Programs.ofJdk("java");
    }

    static AppProcess start(List<String> options, Map<String, String> environment, String... args) {
        if (!Files.exists(JAR)) {
            throw new AssertionError("there is no " + JAR + ": package the application first");
        }
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(options);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("HOLDFAST_"));
        builder.environment().putAll(environment);
        try {
            return new AppProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add(e.toString());
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    long pid() {
        return process.pid();
    }

    synchronized String output() {
        return String.join("\n", lines);
    }

    /**
     * Waits until the process has printed a matching line.
     *
     * @return the first group of the pattern
     */
    synchronized String printed(Pattern pattern, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (int next = 0; ; ) {
            for (; next < lines.size(); next++) {
                Matcher found = pattern.matcher(lines.get(next));
                if (found.find()) {
                    return found.group(1);
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (ended || left <= 0) {
                throw new AssertionError("no line with " + pattern + " in\n" + output());
            }
            wait(left);
        }
    }

    /**
     * Waits for the end of the process.
     *
     * @return the exit code
     */
    int exit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still runs:\n" + output());
        }
        synchronized (this) {
            while (!ended) {
                wait();
            }
        }
        return process.exitValue();
    }

    /** Sends SIGTERM: the process may shut down. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL: the process ends at once. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
