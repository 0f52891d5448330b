// Operation: one call that waits in the inbox, applied with others in a group and answered after the group is on disk.
#pragma once

#include <functional>

#include "libs/async/completion.hpp"
#include "queue-service/engine/queue_engine.hpp"

namespace orderflow::queue {

class Operation {
  public:
    // Whether it adds data. On a full disk what grows is refused first, so that the rest may go on.
    enum class Effect : std::uint8_t { grows, keeps };

    Operation(Effect effect, std::size_t bytes) : effect_(effect), bytes_(bytes) {}
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    virtual ~Operation() = default;

    Effect effect() const noexcept { return effect_; }
    std::size_t bytes() const noexcept { return bytes_; }

    // Called again after a rollback, unless the operation grows.
    virtual void apply(QueueEngine& engine, Now now, Changes& changes) = 0;
    // Exactly one of the two, once. Completes the waiting coroutine.
    virtual void answer() = 0;
    virtual void refuse(const Error& error) = 0;

  private:
    Effect effect_;
    std::size_t bytes_;
};

template <class Reply>
class EngineCall final : public Operation {
  public:
    using Work = std::move_only_function<Result<Reply>(QueueEngine&, Now, Changes&)>;

    EngineCall(Effect effect, std::size_t bytes, Work work, Completion<Result<Reply>> done)
        : Operation(effect, bytes), work_(std::move(work)), done_(std::move(done)) {}

    void apply(QueueEngine& engine, Now now, Changes& changes) override { reply_.emplace(work_(engine, now, changes)); }
    void answer() override { done_.complete(*std::move(reply_)); }
    void refuse(const Error& error) override { done_.complete(std::unexpected(error)); }

  private:
    Work work_;
    std::optional<Result<Reply>> reply_;
    Completion<Result<Reply>> done_;
};

}  // namespace orderflow::queue
