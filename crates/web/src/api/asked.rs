//! The query of an operation says nothing that it does not know: who writes `?dry_run=true` at what has no such thing does
//! not mean it to be done, and who misspells `filter` does not mean everything. What each knows is what its description says.

use axum::extract::{MatchedPath, Request};

use super::openapi;
use crate::caller::Bearer;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// What the addresses of doors for those outside begin with.
const DOORS: &str = "/api/hooks/";

/// Why a request is refused whose query cannot be understood; told only to those who may come in.
pub(crate) fn misunderstood(web: &Web, request: &Request) -> impl Future<Output = Option<Problem>> + use<> {
    let (web, misunderstood) = (web.clone(), fault(request));
    async move {
        let (problem, bearer) = misunderstood?;
        match bearer {
            None => Some(problem),
            Some(Err(stranger)) => Some(stranger),
            Some(Ok(bearer)) => bearer.understood::<()>(&web, Err(problem)).await.err(),
        }
    }
}

/// What is wrong with the query, and who asks where not everybody may.
fn fault(request: &Request) -> Option<(Problem, Option<Result<Bearer, Problem>>)> {
    let query = request.uri().query().filter(|query| !query.is_empty())?;
    let path = request.extensions().get::<MatchedPath>()?;
    // What others write behind the address of a door is theirs to say, and signed with it.
    if path.as_str().starts_with(DOORS) {
        return None;
    }
    // What is asked with HEAD is answered as GET is.
    let method = match request.method().as_str() {
        "HEAD" => "get".to_owned(),
        method => method.to_lowercase(),
    };
    let known = openapi::known(&method, path.as_str())?;
    let problem = match pairs(Some(query)) {
        Ok(asked) => {
            let (name, _) = asked.iter().find(|(name, _)| !known.query.contains(name))?;
            let message = format!("there is no parameter {name:?} here, and nothing was done");
            Problem::bad_request("unknown_parameter", message)
        }
        Err(problem) => problem,
    };
    let bearer = (!known.public).then(|| Bearer::shown(request.headers(), request.extensions()));
    Some((problem, bearer))
}
