// Program: one program of the system under trial, as a process or in a container. It comes and goes, always on the same
// port.
#pragma once

#include <signal.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "chaos/rig/child.hpp"
#include "chaos/rig/container.hpp"
#include "tests/e2e/server_process.hpp"

namespace orderflow::chaos {

class Program {
  public:
    using Settings = e2e::ServerProcess::Settings;

    // `name`: of the binary. `listen`: the setting that names its address.
    Program(std::string name, const std::string& listen, Settings settings);
    // One that is told everything on its command line; `listen` is the option that names its address.
    Program(std::string name, const std::string& listen, Arguments arguments);
    ~Program();  // kills it
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    const std::string& name() const { return name_; }
    std::uint16_t port() const { return port_; }
    // From the next start on.
    void set(const std::string& setting, std::string value);
    // From the next start on it runs in a container of this image.
    void set_image(std::string image) { image_ = std::move(image); }
    const std::string& image() const { return image_; }  // empty: a process

    // Starts it and does not wait. `prefix` is put before it (strace); `besides`: settings of this start alone.
    void start_only(const Arguments& prefix = {}, const Settings& besides = {});
    // Throws when it does not come up.
    void wait_until_ready();

    // Of the newest start; there must have been one:

    void kill();  // SIGKILL, and waits; of a container that is being made, as soon as there is something to kill
    void signal(int number);
    void terminate() { signal(SIGTERM); }    // does not wait
    int wait() { return process_->wait(); }  // the exit code, or minus the signal number
    bool ended() { return process_->ended(); }
    pid_t pid() const;  // of the program itself. Throws std::runtime_error when it has none yet
    // Where it is a process of the rig.
    e2e::ServerProcess& process() { return *process_; }

  private:
    void start_container(const Settings& settings);

    std::string name_;
    std::uint16_t port_;
    Settings settings_;
    Arguments arguments_;
    std::string image_;
    std::uint64_t starts_ = 0;
    std::optional<Container> container_;           // of the newest start
    std::unique_ptr<e2e::ServerProcess> process_;  // the program, or the engine in front of its container
};

}  // namespace orderflow::chaos
