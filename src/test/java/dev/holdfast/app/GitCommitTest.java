package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit of a directory, as a real git reports it. */
class GitCommitTest {
    @TempDir
    Path temp;

    /**
     * Runs git in a repository, as an author who does not exist.
     *
     * @return its output
     */
    static String git(Path repository, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.onPath("git").toString(), "-C", repository.toString()));
        command.addAll(List.of("-c", "user.name=Ann Example", "-c", "user.email=ann@example.com"));
        command.addAll(List.of("-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }

    /** Makes a repository of the temporary directory, with a stack's document in this folder as its only commit. */
    private Path committed(String folder, String message) throws IOException, InterruptedException {
        Path created = Files.createDirectories(temp.resolve(folder));
        Files.writeString(created.resolve("stack.json"), "{}");
        git(temp, "init", "-q");
        git(temp, "add", ".");
        git(temp, "commit", "-q", "-m", message);
        return created;
    }

    @Test
    void aCleanDirectoryIsWhatItsCommitSays() throws IOException, InterruptedException {
        committed("desired-state/dev", "Öffne den Port 443\n\nThe body is not the subject.");

        GitCommit commit = GitCommit.at(temp.resolve("desired-state"));

        assertThat(commit)
                .isEqualTo(new GitCommit("ann@example.com", "Öffne den Port 443", git(temp, "rev-parse", "HEAD")));
    }

    @Test
    void filesThatAreNotCommittedAreNoCommit() throws IOException, InterruptedException {
        Path folder = committed("desired-state", "First");
        Files.writeString(temp.resolve("beside.txt"), "not published");

        assertThat(GitCommit.at(folder)).extracting(GitCommit::message).isEqualTo("First");
        Files.writeString(folder.resolve("new.json"), "{}");
        assertThat(GitCommit.at(folder))
                .isEqualTo(new GitCommit("ann@example.com", "First (and changes that are not committed)", null));
    }

    @Test
    void withoutARepositoryOrACommitOrGitItSaysNothing() throws IOException, InterruptedException {
        Path repository = Files.createDirectories(temp.resolve("empty"));
        git(repository, "init", "-q");

        assertThat(GitCommit.at(repository)).isNull();
        assertThat(GitCommit.at(temp)).isNull();
        assertThat(GitCommit.at(temp, "no-such-program-as-this")).isNull();
        assertThat(GitCommit.at(temp.resolve("not-there"))).isNull();
    }
}
