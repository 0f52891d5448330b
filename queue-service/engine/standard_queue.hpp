// StandardQueue: the state of one standard queue. Where a message stands:
//
//   send -> waiting (Backlog) ----receive----> in flight --delete--> gone
//     \-> delayed --delay ends--> back <--lease ends, visibility 0--/   \--receive count spent--> dead-letter queue
//
// Waiting messages have no state of their own; delayed, in flight and back ones have a DeliveryState ("tracked").
// `back` is served before the backlog, the oldest message first. Best-effort order, as on Amazon SQS.
#pragma once

#include <map>
#include <set>

#include "queue-service/engine/backlog.hpp"
#include "queue-service/engine/change.hpp"
#include "queue-service/engine/deadlines.hpp"

namespace orderflow::queue {

// Both clocks, read once for a whole step: leases, delays and waits by `instant`, timestamps and retention by `wall`.
struct Now {
    Instant instant;
    WallTime wall;
};

struct QueueCounts {
    std::uint64_t visible = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t delayed = 0;
    std::uint64_t bytes = 0;  // of all of them
    // Since the oldest message in any of these states was sent.
    std::optional<std::chrono::milliseconds> oldest_age;
};

class StandardQueue {
  public:
    StandardQueue(QueueRecord record, WindowLimits window, Deadlines& deadlines);

    const QueueRecord& record() const noexcept { return record_; }
    QueueTotals totals() const;
    QueueCounts counts(Now now) const;
    bool has_visible() const noexcept { return !back_.empty() || backlog_.size() > 0; }
    std::size_t in_flight() const noexcept { return in_flight_; }
    std::size_t window_size() const noexcept { return backlog_.window_size(); }
    // Of a delayed, in-flight or returned message; null for any other.
    const DeliveryState* delivery(std::uint64_t sequence) const;
    bool is_in_flight(std::uint64_t sequence) const;

    void change_settings(QueueSettings settings, Now now, Changes& changes);
    void change_tags(Tags tags, Changes& changes);
    MessageKey add(MessagePtr message, std::chrono::seconds delay, Now now, Changes& changes);

    // Clears what may not be handed out from the front of the visible messages: expired ones are removed, and with
    // `dead_letters` those whose receives are spent move there. At most `budget`; returns how many.
    std::size_t clear_front(std::size_t budget, StandardQueue* dead_letters, Now now, Changes& changes);

    // Hands out the front message; clear_front() came before, with budget to spare. Nothing when no message stands in
    // memory: the queue is empty, or wanted_page() has to be read first.
    struct Delivered {
        std::uint64_t sequence = 0;
        MessagePtr message;  // null: only the journal holds the content
        DeliveryState state;
    };
    std::optional<Delivered> deliver_front(std::chrono::seconds timeout, Holder holder, Now now, Changes& changes);

    // Of a message in flight.
    void change_visibility(std::uint64_t sequence, std::chrono::seconds timeout, Now now, Changes& changes);
    // A tracked message that has been delivered.
    void remove(std::uint64_t sequence, Changes& changes);
    void purge(Now now, Changes& changes);
    // For a queue that is removed.
    void clear(Changes& changes);

    // What a move task takes next: the oldest visible message with a sequence up to `through`, if one stands in memory;
    // clear_front() came before.
    struct Front {
        std::uint64_t sequence = 0;
        MessagePtr message;  // null: only the journal holds the content
    };
    std::optional<Front> front(std::uint64_t through) const;
    // That message, to the end of another queue.
    void redrive_front(std::uint64_t through, StandardQueue& to, Changes& changes);

    // A delay or a lease has ended (Deadlines gave its key).
    void make_visible(std::uint64_t sequence);

    std::optional<PageRequest> wanted_page() const;
    Result<void> take_page(const Page& page);

    // On start, before anything else: the journal's counters and delivery rows.
    Result<void> restore(const QueueTotals& totals,
                         const std::vector<std::pair<std::uint64_t, DeliveryState>>& deliveries, Now now);

  private:
    enum class Place : std::uint8_t { delayed, in_flight, back };
    struct Tracked {
        DeliveryState state;
        Place place;
    };
    using TrackedMap = std::map<std::uint64_t, Tracked>;

    MessageKey key(std::uint64_t sequence) const noexcept { return {record_.no, sequence}; }
    bool expired(WallTime sent_at, Now now) const {
        const auto retention = record_.settings.retention;
        return retention != limits::retention_endless && now.wall - sent_at >= retention;
    }
    void track(std::uint64_t sequence, const DeliveryState& state, Place place);
    void untrack(TrackedMap::iterator it);
    void leave_place(std::uint64_t sequence, const Tracked& tracked);
    void drop(TrackedMap::iterator it, Changes& changes);
    void move(TrackedMap::iterator it, StandardQueue& to, Changes& changes);
    bool back_holds(std::uint64_t through) const { return !back_.empty() && *back_.begin() <= through; }
    bool spent(const DeliveryState& state) const;

    QueueRecord record_;
    Deadlines& deadlines_;
    Backlog backlog_;
    TrackedMap tracked_;
    std::set<std::uint64_t> back_;
    std::size_t in_flight_ = 0;
    std::size_t delayed_ = 0;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t bytes_ = 0;
    std::uint64_t purged_through_ = 0;
};

}  // namespace orderflow::queue
