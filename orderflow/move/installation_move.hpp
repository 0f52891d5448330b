// move_installation(): an installation of one machine (order store on SQLite, queues in a journal) goes to PostgreSQL
// and Amazon SQS, and loses nothing on the way however often it is cut off. docs/adr/0026-move.md says why like this.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/observe/log.hpp"
#include "libs/storage/move/store_move.hpp"
#include "orderflow/data_files.hpp"
#include "programs/settings.hpp"
#include "programs/store_location.hpp"

namespace orderflow {

struct MovePlan {
    std::filesystem::path data_dir;
    DataFiles files;
    StoreLocation target;                        // on PostgreSQL
    QueueUrls queues;                            // of the target
    std::optional<std::filesystem::path> carry;  // where the files that travel are put
    std::string settings;                        // of the services there
};

struct MoveParts {
    const Clock& clock;
    Entropy& entropy;
    const observe::Logger& log;
    const Environment& environment;
    std::function<void(const std::string&)> tell;  // a line for people now and then
};

struct MovedQueue {
    std::string name;
    std::uint64_t messages = 0;  // sent by this run
};

struct Moved {
    storage::MovedStore store;
    std::vector<MovedQueue> queues;
    std::uint64_t left = 0;  // messages in queues that are not of this system; they stay
};

// On an installation that no program has open. Writes nothing to it but the mark (programs/move_mark.hpp), which is
// there before the first row leaves and from then on keeps every program from starting. The same again after an error
// goes on where it ended.
//
// conflict "data_dir.in_use"; conflict "move.other_target" when a move to another place began; conflict
// "move.queue_filled" when a queue there has messages before the first of ours; not_found "move.no_installation"; those
// of carry_files(), storage::move_store() and QueueMover::move().
Result<Moved> move_installation(const MovePlan& plan, const MoveParts& parts);

// Removes the mark, after a look whether the target has worked since: conflict "move.target_differs" then. The target
// is left as it is. not_found "move.not_moved"; those of storage::compare_store().
Result<void> take_back(const MovePlan& plan, const MoveParts& parts);

}  // namespace orderflow
