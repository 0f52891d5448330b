#include "orderflow/move/move_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "libs/observe/log.hpp"
#include "orderflow/command_line.hpp"
#include "orderflow/config.hpp"
#include "orderflow/move/carried_files.hpp"
#include "orderflow/move/installation_move.hpp"
#include "orderflow/move/move_check.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

constexpr const char* name = "orderflow move";

struct Arguments {
    std::string to;
    std::string queue_url;
    std::string carry;
    std::string data;
    bool check = false;
    bool take_back = false;
};

void declare(CLI::App& app, Arguments& arguments) {
    app.add_option("--to", arguments.to, "the order store there; a password belongs into PGPASSWORD or ~/.pgpass")
        ->required()
        ->type_name("postgresql://...");
    app.add_option("--queue-url", arguments.queue_url,
                   "the queue of orders there; the other two are named like it, with -commands and -dlq, or by "
                   "ORDERFLOW_COMMANDS_QUEUE_URL and ORDERFLOW_DEAD_LETTERS_QUEUE_URL")
        ->required()
        ->type_name("URL");
    app.add_option("--carry", arguments.carry,
                   "a new directory for what travels by hand: secrets, API keys, settings; mode 0700")
        ->type_name("DIR");
    app.add_option("--data", arguments.data, "data directory [ORDERFLOW_DATA_DIR or ./data]")->type_name("DIR");
    app.add_flag("--check", arguments.check, "says what would travel and whether it can; changes nothing");
    app.add_flag("--take-back", arguments.take_back,
                 "makes the old directory good again, while nothing has started at the new place");
}

// The settings of the installation that is left, as it was started; and the plan, when all of it can be read.
std::expected<MovePlan, std::vector<std::string>> plan_of(const Arguments& arguments, const Environment& environment) {
    auto here = environment;
    here.erase("ORDERFLOW_DATABASE_AUTH");  // of the target
    const auto config = read_config(here);
    if (!config) return std::unexpected(config.error());
    if (config->store.is_postgres()) {
        return std::unexpected(std::vector<std::string>{
            "DATABASE_URL: the orders of this installation are in PostgreSQL already; unset it, or name its SQLite "
            "file: it says where the orders are, --to where they go"});
    }
    auto there = environment;
    there["DATABASE_URL"] = arguments.to;
    there["ORDERFLOW_QUEUE_URL"] = arguments.queue_url;
    SettingsReader settings(there);
    MovePlan plan{.data_dir = config->data_dir,
                  .files = data_files(*config),
                  .target = read_store_location(settings, there, config->data_dir),
                  .queues = read_queue_urls(settings),
                  .carry = std::nullopt,
                  .settings = {}};
    if (!settings.errors().empty()) return std::unexpected(settings.errors());
    if (!plan.target.is_postgres()) {
        return std::unexpected(std::vector<std::string>{"--to: expected postgresql://..."});
    }
    if (!arguments.carry.empty()) plan.carry = arguments.carry;
    plan.settings = settings_of_services(environment, plan.queues);
    return plan;
}

void print_moved(const MovePlan& plan, const Moved& moved) {
    const auto& content = moved.store.content;
    std::printf("%s: %s %s %llu orders, %llu rows, each compared\n", name, plan.target.description().c_str(),
                moved.store.was_there ? "holds already" : "has got",
                static_cast<unsigned long long>(content.rows_of("orders")),
                static_cast<unsigned long long>(content.rows()));
    for (const auto& queue : moved.queues) {
        std::printf("  %-16s %llu messages sent by this run\n", queue.name.c_str(),
                    static_cast<unsigned long long>(queue.messages));
    }
    if (moved.left > 0) {
        std::printf("  %llu messages of other queues stay here: they are not of this system\n",
                    static_cast<unsigned long long>(moved.left));
    }
    if (plan.carry) {
        std::printf("  %s holds secrets and settings for the services there; remove it when they have them\n",
                    plan.carry->string().c_str());
    } else {
        std::printf("  carry the files by hand: secrets (the order ids depend on it)");
        for (const auto& file : files_that_travel(plan.data_dir)) {
            if (file != "secrets") std::printf(", %s", file.c_str());
        }
        std::printf("\n");
    }
    std::printf("Start the services there now. No program starts on %s any more (docs/migrate-to-aws.md).\n",
                plan.data_dir.string().c_str());
}

int move_it(const MovePlan& plan, const MoveParts& parts) {
    const auto moved = move_installation(plan, parts);
    if (!moved) return report_failure(name, moved.error());
    print_moved(plan, *moved);
    return 0;
}

int take_it_back(const MovePlan& plan, const MoveParts& parts) {
    if (const auto taken = take_back(plan, parts); !taken) return report_failure(name, taken.error());
    std::printf("%s: programs start on %s again. Empty the database and purge the queues there before another move.\n",
                name, plan.data_dir.string().c_str());
    return 0;
}

}  // namespace

int run_move(std::span<const char* const> words, Environment environment, const Clock& clock, Entropy& entropy) {
    Arguments arguments;
    CLI::App app{
        "Moves a stopped installation (orders in SQLite, queues of its own) to PostgreSQL and Amazon SQS: every row,\n"
        "compared, in one transaction; then every message that waits. The same command again goes on after a failure.\n"
        "Afterwards no program starts on the old directory, of which nothing is removed (docs/migrate-to-aws.md)."};
    declare(app, arguments);
    if (const auto ended = parse_command_line(app, name, words)) return *ended;
    if (!arguments.data.empty()) environment["ORDERFLOW_DATA_DIR"] = arguments.data;
    const auto plan = plan_of(arguments, environment);
    if (!plan) return report_settings(name, plan.error());
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, observe::LogLevel::error);
    const MoveParts parts{clock, entropy, log, environment,
                          [](const std::string& line) { std::fprintf(stderr, "%s: %s\n", name, line.c_str()); }};
    if (arguments.check) return check_move(*plan, parts) ? 0 : exit_failed;
    return arguments.take_back ? take_it_back(*plan, parts) : move_it(*plan, parts);
}

}  // namespace orderflow
