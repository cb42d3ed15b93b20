"""When to try a letter again."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job


class UntilItComesBack(BaseRetryStrategy):
    """A mail server that is down loses nothing: we ask again after seconds, then minutes, then every hour."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts + 1, 12), 3600)})


LATER = UntilItComesBack()
