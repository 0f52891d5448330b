#include "chaos/rig/program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "chaos/rig/port.hpp"
#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_start = 120s;  // for a machine that is busy with other things; the table says how long it took
constexpr auto time_to_die = 30s;     // of a container that is being made, too

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

Program::~Program() {
    if (!process_ || !container_) return;  // a process goes with its object
    try {
        kill();
    } catch (const std::exception&) {  // it does not die: the next run finds it by its workspace
    }
}

void Program::start_only(const Arguments& prefix, const Settings& besides) {
    auto settings = besides;
    settings.insert(settings_.begin(), settings_.end());
    if (process_ && container_) kill();  // it does not go with the engine in front of it
    process_.reset();
    container_.reset();
    if (!image_.empty()) return start_container(settings);
    process_ = std::make_unique<e2e::ServerProcess>(std::move(settings), prefix, arguments_, name_);
}

// The engine is looked up in PATH, so env stands before it.
void Program::start_container(const Settings& settings) {
    const std::filesystem::path data = settings.at("ORDERFLOW_DATA_DIR");
    const auto name = fmt::format("orderflow-chaos-{}-{}-{}-{}", ::getpid(), name_, port_, ++starts_);
    make_data_directory(data);
    container_ =
        Container{.name = name, .image = image_, .data = data, .pid_file = data.parent_path() / (name + ".pid")};
    process_ =
        std::make_unique<e2e::ServerProcess>(settings, Arguments{}, words_of(*container_, settings), "/usr/bin/env");
}

pid_t Program::pid() const {
    if (!container_) return process_->pid();
    const auto number = first_process(*container_);
    if (!number) throw std::runtime_error(name_ + " has no process yet");
    return *number;
}

// What `podman kill` does, too: the first process of a container takes its others with it.
void Program::signal(int number) {
    if (!container_) return process_->signal(number);
    const auto first = first_process(*container_);
    if (first && !process_->ended()) ::kill(*first, number);
}

// Does not heed an interruption: it is also how the rig ends.
void Program::kill() {
    if (!container_) return process_->kill();
    const SystemClock clock;
    for (const auto until = clock.now() + time_to_die; !process_->ended(); ::poll(nullptr, 0, 5)) {
        if (clock.now() >= until) throw std::runtime_error(container_->name + " does not die");
        signal(SIGKILL);
    }
}

void Program::wait_until_ready() { process_->wait_until_ready(time_to_start); }

}  // namespace orderflow::chaos
