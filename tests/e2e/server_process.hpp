// ServerProcess: the real program in a process of its own, as a user starts it; started, killed and stopped by a test.
// It does not outlive the thread that started it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orderflow::e2e {

// The binary under test: ORDERFLOW_BIN, else build/release/bin/orderflow below the working directory. Throws when it is
// not there: an end-to-end test without the program must fail, not pass.
std::filesystem::path program_under_test();

class ServerProcess {
  public:
    using Settings = std::map<std::string, std::string>;

    // Starts the program with these settings, free ports unless they are given; nothing of the test's own
    // ORDERFLOW_* environment is passed on. `prefix` is put before the program (strace ...); `program` is another one
    // of this project, which lies beside orderflow. Does not wait.
    explicit ServerProcess(Settings settings, std::vector<std::string> prefix = {},
                           std::vector<std::string> arguments = {}, const std::string& program = "orderflow");
    // Kills it when it still runs.
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    // Waits for the ready line on stdout and returns the port of its first http address. Throws with everything the
    // program printed when it ends before or the time is over.
    std::uint16_t wait_until_ready(std::chrono::seconds at_most = std::chrono::seconds(20));

    void kill();       // SIGKILL, and waits
    void terminate();  // SIGTERM, does not wait
    void signal(int number);

    // The exit code, or minus the signal number. Throws when it still runs after `at_most`.
    int wait(std::chrono::seconds at_most = std::chrono::seconds(40));

    bool ended();

    pid_t pid() const { return pid_; }
    const std::string& stdout_text() const { return stdout_; }
    // Everything it wrote to stderr so far.
    std::string stderr_text() const;

  private:
    // Reads stdout until `until` or its end; false at the end.
    bool read_some(std::chrono::steady_clock::time_point until);
    std::optional<int> reap(bool block);

    pid_t pid_ = -1;
    int stdout_fd_ = -1;
    int stderr_fd_ = -1;  // an unlinked file: nothing blocks when the test does not read it
    std::string stdout_;
    std::optional<int> status_;
};

}  // namespace orderflow::e2e
