#include "chaos/rig/system.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "chaos/rig/syscall_fault.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::chaos {
namespace {

constexpr const char* worker = "worker-service";
constexpr const char* api_service = "api-service";
constexpr const char* one_program = "orderflow";
constexpr const char* payment_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Program::Settings paying_at(const Program& provider, Program::Settings settings) {
    settings["ORDERFLOW_PAYMENT_PROVIDER"] = "http";
    settings["ORDERFLOW_PAYMENT_URL"] = "http://127.0.0.1:" + std::to_string(provider.port()) + "/payments";
    settings["ORDERFLOW_PAYMENT_SECRET"] = payment_secret;
    return settings;
}

}  // namespace

System::System(Deployment deployment, const Place& place, const Program::Settings& settings,
               const std::optional<Images>& images)
    : images_(images) {
    auto all = settings;
    all["ORDERFLOW_DATA_DIR"] = place.data.string();
    all["ORDERFLOW_LOG_LEVEL"] = "error";
    const bool on_postgres = !place.database_url.empty();
    if (on_postgres) all["DATABASE_URL"] = place.database_url;
    if (deployment == Deployment::one_program) {
        programs_.emplace_back(one_program, "ORDERFLOW_LISTEN", all);
        return;
    }
    auto of_workers = all;
    if (!place.payments.empty()) {
        provider_.emplace("sample-payment-provider", "--listen",
                          Arguments{"--ledger", place.payments.string(), "--secret", payment_secret});
        of_workers = paying_at(*provider_, all);
    }
    programs_.emplace_back("queue-service", "ORDERFLOW_SQS_LISTEN", all);
    programs_.emplace_back(worker, "ORDERFLOW_WORKER_LISTEN", of_workers);
    if (on_postgres) {
        of_workers["ORDERFLOW_DATA_DIR"] = (place.data / "worker-2").string();
        programs_.emplace_back(worker, "ORDERFLOW_WORKER_LISTEN", of_workers);
        programs_.emplace_back(api_service, "ORDERFLOW_LISTEN", all);
    }
    programs_.emplace_back(api_service, "ORDERFLOW_LISTEN", all);
    queue_at(queue().port());
    if (!images_) return;
    for (auto& program : programs_) set_release(program, Release::current);
}

void System::set_release(Program& program, Release release) {
    program.set_image(image_of(program.name(), images_.value(), release));
}

std::vector<const Program*> System::apis() const {
    std::vector<const Program*> found;
    for (const auto& program : programs_) {
        if (program.name() == api_service || program.name() == one_program) found.push_back(&program);
    }
    return found;
}

Program& System::only() {
    if (programs_.size() != 1) throw std::logic_error("the system under trial is more than one program");
    return programs_.front();
}

Program& System::in_turn(std::uint64_t n) { return programs_[(n + 1) % programs_.size()]; }

Program& System::with_thread(const std::string& thread) {
    for (auto& program : programs_) {
        if (thread_named(program.pid(), thread)) return program;
    }
    throw std::runtime_error("no thread " + thread);
}

bool System::takes_orders(const Program& program) const { return program.name() != worker; }

std::vector<std::uint16_t> System::more_metrics(const Program& api) const {
    std::vector<std::uint16_t> ports;
    for (const auto& program : programs_) {
        if (&program != &api) ports.push_back(program.port());
    }
    return ports;
}

void System::queue_at(std::uint16_t port) {
    for (auto& program : programs_) {
        program.set("ORDERFLOW_QUEUE_URL", "http://127.0.0.1:" + std::to_string(port) + "/000000000000/orders");
    }
}

std::optional<std::uint64_t> System::messages_left() const {
    const auto answer = e2e::ShopClient(programs_.front().port()).try_request("GET", "/metrics");
    if (!answer || answer->status != 200) return std::nullopt;
    return sum_of_metrics(answer->body, {"orderflow_queue_visible_messages", "orderflow_queue_in_flight_messages",
                                         "orderflow_queue_delayed_messages"});
}

std::uint64_t sum_of_metrics(std::string_view page, const std::vector<std::string_view>& names) {
    std::uint64_t sum = 0;
    while (!page.empty()) {
        const auto line = page.substr(0, page.find('\n'));
        page.remove_prefix(std::min(line.size() + 1, page.size()));
        const auto name = line.substr(0, line.find_first_of("{ "));
        if (std::ranges::find(names, name) == names.end()) continue;
        const auto number = line.substr(line.rfind(' ') + 1);
        std::uint64_t value = 0;
        std::from_chars(number.data(), number.data() + number.size(), value);
        sum += value;
    }
    return sum;
}

}  // namespace orderflow::chaos
