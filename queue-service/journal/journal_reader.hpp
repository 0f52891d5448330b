// JournalReader: what waits in the queues of a journal, page by page in the order of arrival, to be sent elsewhere.
// Writes nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/sqlite/database.hpp"
#include "queue-service/engine/message.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::queue {

struct ReadableQueue {
    QueueNo no{};
    QueueName name;
    std::uint64_t messages = 0;  // as the queue counts them
    std::uint64_t bytes = 0;
    std::uint64_t purged_through = 0;  // what has a sequence up to this is not there any more
};

struct WaitingMessage {
    std::uint64_t sequence = 0;  // its place in the queue
    MessagePtr message;
    WallTime visible_at{};  // when a delay or a delivery ends; long ago for one that is ready
};

class JournalReader {
  public:
    enum class Whose : std::uint8_t {
        nobodys,   // no program has it open: the log and all pages are checked first
        anybodys,  // a program may be writing it: its counters can be read
    };
    // Errors: those of sqlite::open_at_rest(), and of sqlite::Database::open() with "sqlite.older_version" and
    // "sqlite.newer_version".
    static Result<JournalReader> open(const std::string& path, Whose whose);

    // Without those that were removed. internal "disk.corrupt" for a row whose checksum does not match.
    Result<std::vector<ReadableQueue>> queues();

    // The next `limit` messages of the queue behind `after`; nothing behind the last. Every checksum is verified.
    Result<std::vector<WaitingMessage>> read(const ReadableQueue& queue, std::uint64_t after, std::size_t limit);

  private:
    explicit JournalReader(sqlite::Database database)
        : database_(std::make_unique<sqlite::Database>(std::move(database))) {}
    Result<void> prepare();

    std::unique_ptr<sqlite::Database> database_;
    sqlite::Statement messages_;
    sqlite::Statement delivery_;
};

}  // namespace orderflow::queue
