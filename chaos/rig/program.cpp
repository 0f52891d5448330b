#include "chaos/rig/program.hpp"

#include <utility>

#include "chaos/rig/port.hpp"
#include "libs/base/clock.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_start = 120s;  // for a machine that is busy with other things; the table says how long it took

}  // namespace

Program::Program(std::string name, const std::string& listen, Settings settings)
    : name_(std::move(name)), port_(free_port()), settings_(std::move(settings)) {
    set(listen, "127.0.0.1:" + std::to_string(port_));
}

Program::Program(std::string name, const std::string& listen, Arguments arguments)
    : name_(std::move(name)), port_(free_port()), arguments_(std::move(arguments)) {
    arguments_.insert(arguments_.end(), {listen, "127.0.0.1:" + std::to_string(port_)});
}

void Program::set(const std::string& setting, std::string value) { settings_[setting] = std::move(value); }

void Program::start_only(const Arguments& prefix, const Settings& besides) {
    auto settings = besides;
    settings.insert(settings_.begin(), settings_.end());
    process_.reset();
    process_ = std::make_unique<e2e::ServerProcess>(std::move(settings), prefix, arguments_, name_);
}

void Program::wait_until_ready() { process_->wait_until_ready(time_to_start); }

}  // namespace orderflow::chaos
