// Backlog: the messages of one queue that were never delivered, oldest first.
//
// The oldest stand in a window in memory, bounded in messages and bytes. What does not fit is cold: a count and a range
// of sequences whose rows only the journal holds. The owner asks wanted() after each operation, reads that page and
// hands it to take_page(). A million waiting messages cost the memory of the window.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "libs/base/result.hpp"
#include "queue-service/engine/limits.hpp"
#include "queue-service/engine/message.hpp"

namespace orderflow::queue {

struct WindowLimits {
    std::size_t messages = limits::window_messages;
    std::size_t bytes = limits::window_bytes;
};

// Rows of one queue with first <= sequence <= last, in order; stop at either maximum, but read at least one row.
struct PageRequest {
    QueueNo queue{};
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::size_t max_messages = 0;
    std::size_t max_bytes = 0;
};

struct PageRow {
    std::uint64_t sequence = 0;
    MessagePtr message;
};

struct Page {
    std::vector<PageRow> rows;
    bool end = false;  // the range holds no row behind the last one
};

class Backlog {
  public:
    using IsTracked = std::function<bool(std::uint64_t sequence)>;

    explicit Backlog(WindowLimits limits) : limits_(limits) {}

    // `sequence` is above every one pushed before.
    void push(std::uint64_t sequence, MessagePtr message);
    // The same for a message whose content is only in the journal.
    void push_cold(std::uint64_t sequence);
    // What a journal holds on start: `count` messages somewhere in first..last. On an empty backlog.
    void restore_cold(std::uint64_t first, std::uint64_t last, std::uint64_t count);

    std::uint64_t size() const noexcept { return window_.size() + cold_count_; }
    std::size_t window_size() const noexcept { return window_.size(); }
    // The oldest message, or null while the window is empty (see wanted()).
    const PageRow* front() const { return window_.empty() ? nullptr : &window_.front(); }
    PageRow pop_front();
    void clear();

    // The page that should be read now, if any. `queue` is left for the owner to fill in.
    std::optional<PageRequest> wanted() const;
    // Rows that `is_tracked` knows are skipped: they are delayed, in flight or returned.
    // internal "queue.journal_damaged": the journal holds fewer rows than were put there.
    Result<void> take_page(const Page& page, const IsTracked& is_tracked);

  private:
    void append_to_window(std::uint64_t sequence, MessagePtr message);
    bool window_has_room() const noexcept;

    WindowLimits limits_;
    std::deque<PageRow> window_;
    std::size_t window_bytes_ = 0;
    std::uint64_t cold_count_ = 0;
    std::uint64_t cold_first_ = 0;
    std::uint64_t cold_last_ = 0;
};

}  // namespace orderflow::queue
