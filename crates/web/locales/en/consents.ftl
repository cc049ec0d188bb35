# The consent to news and offers: the page on which it is taken back.
consent-title = News and offers
consent-given = We send news and offers to { $email }.
consent-withdrawn = We send no news or offers to { $email }.
consent-since = Date: { $moment }
consent-wording = You agreed to this:
consent-business = Letters about your orders and requests come in any case.
consent-withdraw = Unsubscribe
consent-again = Subscribe again
consent-is-withdrawn = Done: you will get no more news or offers.
consent-is-given = Done: you will get news and offers again.
error-consent_known = This address has a consent of that kind already: change its status.
