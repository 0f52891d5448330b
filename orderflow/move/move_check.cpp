#include "orderflow/move/move_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "libs/net/runtime.hpp"
#include "orderflow/move/carried_files.hpp"
#include "programs/move_mark.hpp"
#include "programs/sqs_queues.hpp"
#include "programs/start_check.hpp"
#include "queue-service/journal/journal_reader.hpp"

namespace orderflow {
namespace {

constexpr std::uint64_t rows_per_second = 20'000;
constexpr std::uint64_t messages_per_second = 2'000;

void check_store_of(const MovePlan& plan, StartCheck& found, MoveEstimate& estimate) {
    const auto content = storage::count_store(plan.files.store.file.string());
    if (!content) {
        found.outcome("orders", fail(content.error()));
        return;
    }
    estimate.rows = content->rows();
    found.good("orders", fmt::format("{} orders, {} rows in {} tables of {}", content->rows_of("orders"),
                                     content->rows(), content->tables.size(), plan.files.store.file.string()));
}

void check_journal_of(const MovePlan& plan, StartCheck& found, MoveEstimate& estimate) {
    auto journal = queue::JournalReader::open(plan.files.journal.string(), queue::JournalReader::Whose::anybodys);
    const auto queues = journal ? journal->queues() : fail(journal.error());
    if (!queues) {
        found.outcome("messages", fail(queues.error()));
        return;
    }
    for (const auto& queue : *queues) {
        found.good("messages", fmt::format("{}: {} wait", queue.name.name, queue.messages));
        estimate.messages += queue.messages;
    }
}

void check_target_of(const MovePlan& plan, const Clock& clock, bool is_new, StartCheck& found) {
    const auto name = plan.target.description();
    const auto state = storage::look_at_target(plan.target.connect_options(), clock);
    if (!state) {
        found.outcome("database",
                      fail(state.error().kind(), state.error().code(), name + ": " + state.error().detail()));
        return;
    }
    switch (*state) {
        case storage::TargetState::without_tables:
            found.good("database", name + ": without tables, they will be made");
            break;
        case storage::TargetState::empty: found.good("database", name + ": empty"); break;
        case storage::TargetState::filled:
            if (is_new) {
                found.bad("database", name + ": is not empty; name an empty database");
            } else {
                found.good("database", name + ": filled by the move that began; it will be compared");
            }
    }
}

void check_mark_of(const MovePlan& plan, StartCheck& found, bool& is_new) {
    const auto mark = read_move_mark(plan.data_dir);
    if (!mark) {
        found.outcome("move", fail(mark.error()));
    } else if (!*mark) {
        found.good("move", "none has begun");
    } else {
        is_new = false;
        const auto& to = **mark;
        const auto text = fmt::format("{} to {} and {}", to.complete ? "ended" : "began", to.store, to.queue);
        if (to.leads_to(plan.target.description(), plan.queues.orders)) {
            found.good("move", text);
        } else {
            found.bad("move", text + ", another target");
        }
    }
}

}  // namespace

std::chrono::seconds estimated_time(const MoveEstimate& what) {
    const auto seconds = what.rows / rows_per_second + what.messages / messages_per_second;
    return std::chrono::seconds(static_cast<std::int64_t>(seconds) + 1);
}

bool check_move(const MovePlan& plan, const MoveParts& parts) {
    StartCheck found;
    MoveEstimate estimate;
    bool is_new = true;
    check_mark_of(plan, found, is_new);
    check_store_of(plan, found, estimate);
    check_journal_of(plan, found, estimate);
    auto travelling = files_that_travel(plan.data_dir);
    if (plan.files.payments) travelling.push_back(plan.files.payments->filename().string());
    found.good("files", fmt::format("{} travel{}", fmt::join(travelling, ", "),
                                    plan.carry ? " in " + plan.carry->string() : " by hand (or name --carry)"));
    check_target_of(plan, parts.clock, is_new, found);
    std::unique_ptr<SqsQueues> queues;  // what waits on the loop refers to it
    net::Runtime loop(parts.clock, 1, "check");
    auto opened = SqsQueues::open({loop, parts.clock, parts.entropy, parts.log, parts.environment}, plan.queues);
    if (!opened) {
        found.outcome("queues", fail(opened.error()));
        std::printf("%sorderflow move: cannot move like this\n", found.text().c_str());
        return false;
    }
    queues = *std::move(opened);
    loop.start();
    const auto answered = queues->check();
    const bool good = found.all_good() && answered.all_good;
    const auto end = good ? fmt::format("would move, in about {} s from the stop of the programs on",
                                        estimated_time(estimate).count())
                          : std::string("cannot move like this");
    std::printf("%s%sorderflow move: %s\n", found.text().c_str(), answered.text.c_str(), end.c_str());
    std::fflush(stdout);
    loop.stop();
    queues->close();
    return good;
}

}  // namespace orderflow
