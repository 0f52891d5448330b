// MoveTasks: the message move tasks of all queues: at most one active per source, the last ten kept, and when each goes
// on. What a step moves is the engine's.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "libs/base/clock.hpp"
#include "queue-service/engine/change.hpp"

namespace orderflow::queue {

class MoveTasks {
  public:
    // The active task of a source, if any.
    MoveTask* active(QueueNo source);
    const MoveTask* active(QueueNo source) const;
    MoveTask* find(QueueNo source, const std::string& id);
    // The latest first.
    std::vector<MoveTask> list(QueueNo source, std::size_t limit) const;

    // Gives it its number; forgets the oldest of the source when there are too many. It goes on at `now`.
    void start(MoveTask task, Instant now, Changes& changes);
    // On start; in the order of their numbers.
    void restore(MoveTask task, Instant now);
    // The source is gone.
    void forget(QueueNo source, Changes& changes);

    // The active task of `source` goes on at that time; replaces an earlier word.
    void wake(QueueNo source, Instant at);
    // A source whose task is due, taken out.
    std::optional<QueueNo> take_due(Instant now);
    std::optional<Instant> next_deadline() const;

    // How many messages the task moves in one step.
    static std::size_t step_size(const MoveTask& task, std::size_t unlimited);
    // When it goes on after it has moved `moved` of them.
    static Instant after_step(const MoveTask& task, std::size_t moved, Instant now);

  private:
    std::map<QueueNo, std::deque<MoveTask>> tasks_;  // the active one is the last
    std::map<QueueNo, Instant> wakes_;
    std::set<std::pair<Instant, QueueNo>> due_;
    MoveTaskNo next_{1};
};

}  // namespace orderflow::queue
