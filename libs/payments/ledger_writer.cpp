#include "libs/payments/ledger_writer.hpp"

#include "libs/sqlite/errors.hpp"

namespace orderflow::payments {
namespace {

Error unavailable(const Error& cause) { return {ErrorKind::unavailable, "payment.unavailable", cause.code()}; }

}  // namespace

void LedgerWriter::submit(std::unique_ptr<Job> job) {
    executor_.post([self = shared_from_this(), added = std::move(job)]() mutable {
        self->waiting_.push_back(std::move(added));
        if (self->broken_) return;  // the process is about to end: an answer could be wrong
        if (std::exchange(self->flush_posted_, true)) return;
        if (self->clock_.now() < self->next_) {
            self->executor_.post_at(self->next_, [self] { self->flush(); });
        } else {  // behind the calls that are queued already: they come into the same group
            self->executor_.post([self] { self->flush(); });
        }
    });
}

void LedgerWriter::flush() {
    flush_posted_ = false;
    next_ = clock_.now() + pace_;
    auto group = std::exchange(waiting_, {});
    const auto done = perform(group);
    if (!done && sqlite::is_fatal(done.error())) {
        broken_ = true;
        waiting_ = std::move(group);  // kept unanswered until the end
        on_fatal_(done.error());
        return;
    }
    for (const auto& job : group) {
        if (done) {
            job->answer();
        } else {
            job->refuse(unavailable(done.error()));
        }
    }
}

Result<void> LedgerWriter::perform(Jobs& group) {
    auto transaction = ledger_.begin();
    if (!transaction) return fail(std::move(transaction).error());
    for (const auto& job : group) {
        if (auto performed = job->perform(ledger_); !performed) return performed;
    }
    return transaction->commit();
}

}  // namespace orderflow::payments
