// Completion<T>: the one place where a coroutine waits for a result that something else delivers (another thread, a
// timer, a socket owner).
//
//   task<Result<Reply>> Port::call(Request request) {
//       co_return co_await await_completion<Result<Reply>>([&](Completion<Result<Reply>> done) { ... });
//   }
//
// The coroutine always resumes on its own executor, never inside complete(). A Completion is completed at most once;
// dropping it uncompleted destroys the waiting coroutine, which is right only while its whole loop is torn down.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "libs/async/task.hpp"
#include "libs/base/invariant.hpp"

namespace orderflow {

template <class T>
class Completion {
  public:
    template <class Handler>
    explicit Completion(Handler handler) : waiter_(std::make_unique<Waiter<Handler>>(std::move(handler))) {}
    Completion(Completion&&) noexcept = default;
    Completion& operator=(Completion&&) noexcept = default;
    Completion(const Completion&) = delete;
    Completion& operator=(const Completion&) = delete;
    ~Completion() = default;

    // Resumes the waiter with `value`. Any thread.
    void complete(T value) {
        ORDERFLOW_INVARIANT(waiter_ != nullptr);
        std::exchange(waiter_, nullptr)->complete(std::move(value));
    }

  private:
    struct AnyWaiter {
        virtual ~AnyWaiter() = default;
        virtual void complete(T value) = 0;
    };

    template <class Handler>
    struct Waiter final : AnyWaiter {
        explicit Waiter(Handler h)
            : handler(std::move(h)),
              executor(boost::asio::prefer(boost::asio::any_io_executor(boost::asio::get_associated_executor(handler)),
                                           boost::asio::execution::outstanding_work.tracked)) {}
        void complete(T value) override {
            boost::asio::post(executor,
                              [h = std::move(handler), v = std::move(value)]() mutable { std::move(h)(std::move(v)); });
        }
        Handler handler;
        boost::asio::any_io_executor executor;  // counts as outstanding work: the loop stays until the answer is there
    };

    std::unique_ptr<AnyWaiter> waiter_;
};

// `start` runs at once, in the calling coroutine, and takes the Completion. A reference to locals of the awaiting
// coroutine may be captured by `start` itself, never by what outlives the call.
template <class T, class Start>
task<T> await_completion(Start start) {
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
        [&start](auto handler) { start(Completion<T>(std::move(handler))); }, boost::asio::use_awaitable);
}

}  // namespace orderflow
