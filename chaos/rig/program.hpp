// Program: one program of the system under trial. It comes and goes, always on the same port.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "chaos/rig/child.hpp"
#include "tests/e2e/server_process.hpp"

namespace orderflow::chaos {

class Program {
  public:
    using Settings = e2e::ServerProcess::Settings;

    // `name`: of the binary. `listen`: the setting that names its address.
    Program(std::string name, const std::string& listen, Settings settings);
    // One that is told everything on its command line; `listen` is the option that names its address.
    Program(std::string name, const std::string& listen, Arguments arguments);

    const std::string& name() const { return name_; }
    std::uint16_t port() const { return port_; }
    // From the next start on.
    void set(const std::string& setting, std::string value);

    // Starts it and does not wait. `prefix` is put before it (strace); `besides`: settings of this start alone.
    void start_only(const Arguments& prefix = {}, const Settings& besides = {});
    // Throws when it does not come up.
    void wait_until_ready();

    // Of the newest start; there must have been one.
    e2e::ServerProcess& process() { return *process_; }

  private:
    std::string name_;
    std::uint16_t port_;
    Settings settings_;
    Arguments arguments_;
    std::unique_ptr<e2e::ServerProcess> process_;
};

}  // namespace orderflow::chaos
