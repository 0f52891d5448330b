#include "orderflow/audit/audit_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <new>
#include <utility>
#include <vector>

#include "libs/audit/check.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "orderflow/audit/audit_text.hpp"
#include "orderflow/audit/installation_snapshot.hpp"
#include "orderflow/command_line.hpp"
#include "orderflow/load/ledger_file.hpp"

namespace orderflow {
namespace {

struct AuditArguments {
    std::vector<std::string> ledgers;
    std::string data;
    std::string payments;
    bool settled = false;
    bool partial = false;
    bool json = false;
};

void declare(CLI::App& app, AuditArguments& arguments) {
    app.add_option("--ledger", arguments.ledgers, "what clients did and saw, by `orderflow load --ledger`; repeatable")
        ->type_name("FILE");
    app.add_option("--data", arguments.data, "data directory that no program has open [ORDERFLOW_DATA_DIR or ./data]")
        ->type_name("DIR");
    app.add_option("--payments", arguments.payments,
                   "ledger of the payment provider, when it is not the simulated one of the data directory")
        ->type_name("FILE");
    app.add_flag("--settled", arguments.settled, "nothing may be on its way: a message that waits is a finding");
    app.add_flag("--partial", arguments.partial, "there were other clients too: orders of theirs are no finding");
    app.add_flag("--json", arguments.json, "one line of JSON for programs");
    app.footer("Exit: 0 sound, 1 findings, 2 not audited.");
}

int not_audited(const Error& error) {
    std::fprintf(stderr, "orderflow audit: %s (%s)\n", error.detail().c_str(), error.code().c_str());
    return exit_not_audited;
}

Result<audit::History> read_ledgers(const std::vector<std::string>& files, AuditSummary& summary,
                                    audit::CheckOptions& options) {
    audit::History all;
    for (const auto& file : files) {
        auto ledger = load::read_ledger(file);
        if (!ledger) return fail(std::move(ledger).error());
        ++summary.ledgers;
        summary.runs += ledger->runs;
        if (ledger->killed_runs > 0) {
            options.complete = false;
            summary.notes.push_back(file + " ends in the middle of a run: phantoms cannot be told");
        }
        auto& attempts = ledger->history.attempts;
        std::move(attempts.begin(), attempts.end(), std::back_inserter(all.attempts));
    }
    return all;
}

// `payments`: instead of the data directory's; the `http` provider has none there.
Result<audit::Snapshot> look_at(const Config& config, const std::string& payments, const Clock& clock) {
    const bool on_postgres = config.store.is_postgres();
    const auto needed = on_postgres ? data_files(config).journal : config.store.file;
    std::error_code unreadable;
    if (!std::filesystem::exists(needed, unreadable)) {
        return fail(ErrorKind::not_found, "audit.no_installation",
                    needed.string() + " is not there: name the data directory with --data");
    }
    auto files = data_files(config);
    if (!payments.empty()) {
        files.payments = payments;
    }
    const auto lock = sqlite::DataDirLock::acquire(files.lock.string());
    if (!lock) return fail(lock.error());
    if (on_postgres) return read_snapshot(files, clock);
    // A store outside the data directory may belong to another installation too.
    const auto store_lock = sqlite::DataDirLock::acquire(files.store.file.string() + ".lock");
    if (!store_lock) return fail(store_lock.error());
    return read_snapshot(files, clock);
}

bool is_in_the_data_directory(const Config& config) {
    const auto folder_of = [](const std::filesystem::path& file) { return file.lexically_normal().parent_path(); };
    return folder_of(config.store.file) == folder_of(config.data_dir / "orders.db");
}

int audit_it(const AuditArguments& arguments, const Config& config, const Clock& clock) {
    AuditSummary summary;
    summary.data = config.data_dir.string();
    if (config.store.is_postgres()) summary.data += " and " + config.store.description();
    audit::CheckOptions options{.at_rest = true, .complete = !arguments.partial && !arguments.ledgers.empty()};
    if (arguments.ledgers.empty()) summary.notes.emplace_back("without --ledger lost orders cannot be told");
    const auto history = read_ledgers(arguments.ledgers, summary, options);
    if (!history) return not_audited(history.error());
    const auto snapshot = look_at(config, arguments.payments, clock);
    if (!snapshot) return not_audited(snapshot.error());
    if (!snapshot->provider_is_known) {
        summary.notes.emplace_back(
            "without --payments double charges cannot be told: the provider's ledger is not here");
    }
    if (!snapshot->tombstones.empty()) {
        summary.notes.push_back(fmt::format("{} orders are tombstones: that they came to an end is all that is left",
                                            snapshot->tombstones.size()));
    }
    for (const auto& queue : snapshot->queues) summary.waiting += queue.visible + queue.in_flight + queue.delayed;
    options.quiescent = arguments.settled || summary.waiting == 0;
    const auto report = audit::check(*history, *snapshot, options);
    const auto text = arguments.json ? audit_json(summary, report) : audit_text(summary, report);
    std::fputs(text.c_str(), stdout);
    return report.ok() ? exit_sound : exit_findings;
}

}  // namespace

int run_audit(std::span<const char* const> words, Environment environment, const Clock& clock) {
    AuditArguments arguments;
    CLI::App app{
        "Compares what clients were told (ledgers) with the order store, the queues, the dead letters and the\n"
        "payment provider's ledger of a stopped installation: what was lost, doubled, oversold, charged\n"
        "twice, or does not add up."};
    declare(app, arguments);
    if (const auto ended = parse_command_line(app, "orderflow audit", words)) return *ended;
    const bool names_data = !arguments.data.empty();
    if (names_data) environment["ORDERFLOW_DATA_DIR"] = arguments.data;
    const auto config = read_config(environment);
    if (!config) {
        for (const auto& error : config.error()) std::fprintf(stderr, "orderflow audit: %s\n", error.c_str());
        return exit_not_audited;
    }
    if (names_data && !config->store.is_postgres() && !is_in_the_data_directory(*config)) {
        return not_audited(
            Error(ErrorKind::invalid_input, "audit.other_store",
                  fmt::format("DATABASE_URL names {}, which is not in {}: unset it, or name the data directory of that "
                              "store with ORDERFLOW_DATA_DIR instead of --data",
                              config->store.description(), arguments.data)));
    }
    try {
        return audit_it(arguments, *config, clock);
    } catch (const std::bad_alloc&) {  // its exit code would be taken for findings
        return not_audited(Error(ErrorKind::unavailable, "audit.no_memory", "there is not enough memory"));
    }
}

}  // namespace orderflow
