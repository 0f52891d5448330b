// LedgerWriter: group commit for the PaymentLedger. Calls that came while the last commit was under way, or before
// `pace` has passed since it began, share the next transaction; each answer is given after the commit that holds its
// effect.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/base/executor.hpp"
#include "libs/payments/payment_ledger.hpp"

namespace orderflow::payments {

// Any thread may call run(); the ledger is touched on `executor` alone, which must outlive the work posted to it. The
// clock outlives the writer, which lives until the last work that was posted is done.
class LedgerWriter : public std::enable_shared_from_this<LedgerWriter> {
  public:
    // Called on the executor after a failure that makes the disk's content doubtful; no call is answered after it.
    using OnFatal = std::function<void(const Error&)>;
    // One call inside the transaction: the outer Result is the ledger's own (it ends the whole group), the inner one is
    // the answer to the caller.
    template <class T>
    using Work = std::move_only_function<Result<Result<T>>(PaymentLedger&)>;

    LedgerWriter(PaymentLedger ledger, Executor& executor, const Clock& clock, std::chrono::milliseconds pace,
                 OnFatal on_fatal)
        : ledger_(std::move(ledger)), executor_(executor), clock_(clock), pace_(pace), on_fatal_(std::move(on_fatal)) {}

    // The answer of `work`, durable; or unavailable "payment.unavailable" when nothing was written.
    template <class T>
    task<Result<T>> run(Work<T> work) {
        co_return co_await await_completion<Result<T>>([&](Completion<Result<T>> done) {
            submit(std::make_unique<TypedJob<T>>(std::move(work), std::move(done)));
        });
    }

  private:
    struct Job {
        virtual ~Job() = default;
        virtual Result<void> perform(PaymentLedger& ledger) = 0;
        virtual void answer() = 0;
        virtual void refuse(const Error& why) = 0;
    };

    template <class T>
    struct TypedJob final : Job {
        TypedJob(Work<T> w, Completion<Result<T>> d) : work(std::move(w)), done(std::move(d)) {}
        Result<void> perform(PaymentLedger& ledger) override {
            auto performed = work(ledger);
            if (!performed) return fail(std::move(performed).error());
            result.emplace(*std::move(performed));
            return {};
        }
        void answer() override { done.complete(*std::move(result)); }
        void refuse(const Error& why) override { done.complete(fail(Error(why))); }

        Work<T> work;
        Completion<Result<T>> done;
        std::optional<Result<T>> result;
    };
    using Jobs = std::vector<std::unique_ptr<Job>>;

    void submit(std::unique_ptr<Job> job);
    void flush();
    Result<void> perform(Jobs& group);

    PaymentLedger ledger_;
    Executor& executor_;
    const Clock& clock_;
    std::chrono::milliseconds pace_;
    Instant next_{};  // when the next transaction may begin
    OnFatal on_fatal_;
    Jobs waiting_;
    bool flush_posted_ = false;
    bool broken_ = false;
};

}  // namespace orderflow::payments
