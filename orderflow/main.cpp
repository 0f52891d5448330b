// orderflow: API, queue, worker and store in one program. Without a command it starts, says where it listens, and runs
// until SIGTERM or SIGINT. The commands put load on it and prove that it kept its promise.
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/observe/printable.hpp"
#include "orderflow/application.hpp"
#include "orderflow/audit/audit_command.hpp"
#include "orderflow/backup/backup_command.hpp"
#include "orderflow/config.hpp"
#include "orderflow/data_files.hpp"
#include "orderflow/demo_order.hpp"
#include "orderflow/export/export_command.hpp"
#include "orderflow/import/import_command.hpp"
#include "orderflow/keys_command.hpp"
#include "orderflow/load/load_command.hpp"
#include "orderflow/migrate_command.hpp"
#include "orderflow/move/move_command.hpp"
#include "programs/health_command.hpp"
#include "programs/installation.hpp"
#include "programs/process.hpp"
#include "programs/start_check.hpp"
#include "programs/store_check.hpp"
#include "queue-service/journal/schema.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view version = ORDERFLOW_VERSION;

std::string shown(std::string_view word) {
    constexpr std::size_t shown_max = 100;
    return observe::printable_line(word, shown_max);
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "orderflow %.*s: takes orders over HTTP, queues them durably, processes them, shows them.\n\n"
                 "usage: orderflow            serves until SIGTERM or Ctrl-C\n"
                 "       orderflow --demo     the same, with a first order of the sample catalogue\n"
                 "       orderflow --check    says what it would use, and whether it can; changes nothing\n"
                 "       orderflow --health   asks the one that runs here whether it is healthy\n"
                 "       orderflow load ...   sends orders to a server; --help lists its options\n"
                 "       orderflow audit ...  proves that a stopped installation kept its promises; --help\n"
                 "       orderflow backup DIR   copies the installation while it runs, or checks a copy; --help\n"
                 "       orderflow restore DIR  puts a backup into an empty data directory; --help\n"
                 "       orderflow keys ...   makes, lists, revokes API keys; --help\n"
                 "       orderflow export     writes orders with their history as lines of JSON; --help\n"
                 "       orderflow import-products FILE  brings products to a shop; --help\n"
                 "       orderflow migrate    brings a PostgreSQL order store up to this version; --help\n"
                 "       orderflow move ...   moves a stopped installation to PostgreSQL and Amazon SQS; --help\n"
                 "       orderflow --help | --version\n\n%s",
                 static_cast<int>(version.size()), version.data(), settings_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

enum class FirstOrder : std::uint8_t { none, demo };

// A demo must never be an order of somebody's shop.
bool takes_money(const Config& config) { return config.payments.provider != PaymentSettings::Provider::simulated; }

// A failure is told and no reason to end.
void place_first_order(const net::ListenAddress& bound) {
    const auto address = health_address(bound).value_or(bound);
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    const auto order = place_demo_order(address, clock, entropy);
    if (!order) {
        std::fprintf(stderr, "orderflow: %s\n", order.error().detail().c_str());
        return;
    }
    std::printf("orderflow: the demo order is %s: http://%s/orders/%s\n", order->status.c_str(),
                address.to_string().c_str(), order->id.c_str());
    std::fflush(stdout);
}

int serve(FirstOrder first_order) {
    const StopSignals signals;
    const auto config = read_config(process_environment());
    if (!config) return report_settings("orderflow", config.error());
    if (first_order == FirstOrder::demo && takes_money(*config)) {
        return report_settings("orderflow", {"--demo: ORDERFLOW_PAYMENT_PROVIDER is not simulated, and a demo may not "
                                             "take money"});
    }
    auto application = Application::start(*config);
    if (!application) return report_start("orderflow", application.error());
    if (const auto& token = (*application)->new_admin_token(); !token.empty()) {
        std::printf("orderflow: operator token, shown this once and kept in the data directory: %s\n", token.c_str());
    }
    std::printf("%s\n", (*application)->ready_line().c_str());
    std::fflush(stdout);
    if (first_order == FirstOrder::demo) place_first_order((*application)->address());

    const int caught = signals.wait();
    std::printf("orderflow: %s, finishing within %lld s\n", caught == SIGINT ? "interrupted" : "asked to stop",
                static_cast<long long>(config->drain.count()));
    std::fflush(stdout);
    (*application)->stop();
    return 0;
}

// Looks at the files and at the database; starts nothing and changes nothing.
int check() {
    const auto config = read_config(process_environment());
    if (!config) return report_settings("orderflow", config.error());
    const auto files = data_files(*config);
    StartCheck found;
    found.data_dir(config->data_dir);
    found.file("secrets", config->data_dir / "secrets");
    found.database("queue journal", files.journal, {queue::journal_application_id, queue::journal_schema.size()},
                   StartCheck::Absent::will_be_made);
    check_store(found, files.store, SystemClock(), StartCheck::Absent::will_be_made);
    check_api_keys(found, config->api_keys);
    const auto worker = worker_files(*config);
    if (worker.ledger) {
        found.file("payments", *worker.ledger);
    } else {
        found.good("payments", "http, " + config->payments.url.origin() + config->payments.url.target);
    }
    if (config->retention) found.directory("archive", config->retention->archive);
    check_event_topic(found, config->topic);
    found.outcome("installation", check_all_parts(config->data_dir, worker));
    found.good("Amazon SQS", "http://" + config->sqs.listen + "/, " +
                                 (config->sqs.credentials ? "signatures are verified" : "for this machine alone"));
    const auto end = found.all_good() ? "would serve on http://" + config->listen + "/" : "cannot start like this";
    std::printf("%sorderflow: %s\n", found.text().c_str(), end.c_str());
    return found.all_good() ? 0 : exit_failed;
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    const std::string_view first = words.empty() ? "" : words.front();
    return run_program("orderflow", [words, first] {
        if (words.empty()) return serve(FirstOrder::none);
        const SystemClock clock;
        crypto::SystemEntropy entropy;
        if (words.size() > 1 && first.starts_with("-")) {
            std::fprintf(stderr, "orderflow: nothing may follow %s\n\n", shown(first).c_str());
            return usage(stderr);
        }
        if (first == "--demo") return serve(FirstOrder::demo);
        if (first == "--check") return check();
        if (first == "--health") {
            return run_health("orderflow", process_environment(), listen_setting, listen_default, clock);
        }
        if (first == "load") return run_load(words.subspan(1), clock, entropy);
        if (first == "audit") return run_audit(words.subspan(1), process_environment(), clock);
        if (first == "backup") return run_backup(words.subspan(1), process_environment(), std::string(version), clock);
        if (first == "restore") return run_restore(words.subspan(1), process_environment(), clock);
        if (first == "keys") return run_keys(words.subspan(1), process_environment(), clock, entropy);
        if (first == "export") return run_export(words.subspan(1), process_environment(), clock);
        if (first == "import-products") {
            return run_import_products(words.subspan(1), process_environment(), clock, entropy);
        }
        if (first == "migrate") return run_migrate(words.subspan(1), process_environment(), clock);
        if (first == "move") return run_move(words.subspan(1), process_environment(), clock, entropy);
        if (first == "--help" || first == "-h") return usage(stdout);
        if (first != "--version") {
            std::fprintf(stderr, "orderflow: there is no command '%s'\n\n", shown(first).c_str());
            return usage(stderr);
        }
        std::printf("orderflow %.*s\n", static_cast<int>(version.size()), version.data());
        return 0;
    });
}
