#include "chaos/rig/container.hpp"

#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "chaos/rig/probe.hpp"

namespace orderflow::chaos {
namespace {

constexpr const char* engine = "podman";
constexpr unsigned image_user = 10001;
constexpr const char* user = "10001:10001";
constexpr auto time_for_a_command = 60s;

// Everything before the image.
Arguments options_of(const Container& container, const e2e::ServerProcess::Settings& settings) {
    const auto data = container.data.string();
    Arguments words{engine,
                    "run",
                    "--rm",
                    "--pull=never",
                    "--name",
                    container.name,
                    "--pidfile",
                    container.pid_file.string(),
                    "--network=host",
                    "--log-driver=none",
                    "--read-only",
                    "--cap-drop=ALL",
                    "--security-opt=no-new-privileges",
                    "--memory=256m",
                    "--user",
                    user,
                    "--no-healthcheck",
                    "--ulimit=nofile=4096:4096",
                    "--ulimit=nproc=4096:4096",
                    "--volume",
                    data + ":" + data};
    for (const auto& [name, value] : settings) {
        words.emplace_back("--env");
        words.push_back(name);
    }
    return words;
}

}  // namespace

std::string image_of(const std::string& program, const Images& images, Release release) {
    return "localhost/orderflow/" + program + ":" + (release == Release::current ? images.current : images.before);
}

Arguments words_of(const Container& container, const e2e::ServerProcess::Settings& settings) {
    auto words = options_of(container, settings);
    words.push_back(container.image);
    return words;
}

void run_in_container(const Container& container, const e2e::ServerProcess::Settings& settings,
                      const Arguments& arguments) {
    Arguments words{"env"};
    for (const auto& [name, value] : settings) words.push_back(name + "=" + value);
    const auto of_container = words_of(container, settings);
    words.insert(words.end(), of_container.begin(), of_container.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto ran = run(words, time_for_a_command);
    if (ran.code == 0) return;
    throw std::runtime_error(container.image + " ended with " + std::to_string(ran.code) + ": " + ran.output);
}

void make_data_directory(const std::filesystem::path& data) {
    std::filesystem::create_directories(data);
    if (::chown(data.c_str(), image_user, image_user) != 0) {
        throw std::runtime_error("cannot hand " + data.string() + " to the user of the images");
    }
}

std::optional<pid_t> first_process(const Container& container) {
    const auto text = read_file(container.pid_file);
    pid_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number <= 0) return std::nullopt;
    return number;
}

std::string revision_of(const std::string& image) {
    const auto seen = run(
        {engine, "image", "inspect", "--format", R"({{index .Labels "org.opencontainers.image.revision"}})", image});
    if (seen.code != 0) throw Skipped("no image " + image + " (./dev image)");
    return seen.output.substr(0, seen.output.find('\n'));
}

void need_containers(const Images& images) {
    if (::geteuid() != 0) throw Skipped("not root: no data directory can be handed to the user of the images");
    if (run({engine, "info"}).code != 0) throw Skipped("no podman that works here (packages podman and runc)");
    for (const auto* program : {"queue-service", "worker-service", "api-service"}) {
        revision_of(image_of(program, images, Release::current));
        if (!images.before.empty()) revision_of(image_of(program, images, Release::before));
    }
}

}  // namespace orderflow::chaos
