// The séance in the room: what is typed is kept here first, then sent, and sent again until it is answered.
"use strict";

for (const ecran of document.querySelectorAll("[data-tenue]")) {
  const cleFile = `pupitre-tenue-${ecran.dataset.tenue}`;
  const adresse = ecran.dataset.adresse;
  const etat = ecran.querySelector("[data-etat-saisie]");
  const jeton = ecran.querySelector("[name=csrfmiddlewaretoken]").value;
  const onglet = ecran.dataset.onglet;
  let envoi = false, attente = null, refus = "";

  const lire = () => {
    try {
      return JSON.parse(localStorage.getItem(cleFile)) || {};
    } catch {
      return {};
    }
  };
  const ecrire = (file) => {
    if (Object.keys(file).length) localStorage.setItem(cleFile, JSON.stringify(file));
    else localStorage.removeItem(cleFile);
    dire();
  };

  function dire(panne = false) {
    const n = Object.keys(lire()).length;
    etat.hidden = false;
    etat.dataset.etat = refus ? "refus" : n && panne ? "attente" : n ? "envoi" : "bien";
    etat.textContent = refus
      || (n && panne ? `${n}\u00a0saisie${n > 1 ? "s attendent" : " attend"} la connexion. Rien n’est perdu\u202f: continuez.`
        : n ? "Enregistrement…" : "Tout est enregistré.");
  }

  function mettre(cle, saisie) {
    const file = lire();
    file[cle] = { ...saisie, rang: (file[cle]?.rang || 0) + 1 };
    refus = "";
    ecrire(file);
    clearTimeout(attente);
    attente = setTimeout(vider, 400);
  }

  async function vider() {
    if (envoi) return;
    envoi = true;
    let panne = false;
    const refuses = new Set();
    try {
      for (let suivante; (suivante = Object.entries(lire()).find(([c]) => !refuses.has(c))); ) {
        const [cle, saisie] = suivante;
        const corps = new URLSearchParams({ ...saisie.champs, csrfmiddlewaretoken: jeton });
        const reponse = await fetch(adresse, {
          method: "POST", body: corps, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
        });
        const dit = (reponse.headers.get("Content-Type") || "").includes("json") ? await reponse.json() : null;
        if (!dit) throw new Error(`réponse ${reponse.status}`);
        if (!dit.fait) {
          refus = dit.message;
          refuses.add(cle);
          continue;
        }
        const file = lire();
        if (file[cle]?.rang === saisie.rang) delete file[cle];
        else if (file[cle]?.champs.version !== undefined && dit.version) file[cle].champs.version = dit.version;
        accuser(cle, saisie, dit, file);
        ecrire(file);
      }
    } catch {
      panne = true;
      clearTimeout(attente);
      attente = setTimeout(vider, 3000);
    }
    envoi = false;
    dire(panne);
  }

  function accuser(cle, saisie, dit, file) {
    if (saisie.champs.quoi === "note") {
      const formulaire = ecran.querySelector(`[data-note="${saisie.champs.cle}"]`);
      if (!formulaire) return;
      formulaire.dataset.version = dit.version;
      if (dit.en_double && formulaire.dataset.note !== dit.cle) separer(formulaire, dit, file, cle);
    }
    if (saisie.champs.quoi === "decision") {
      const puce = ecran.querySelector(`[data-saisie="${saisie.champs.saisie}"] strong`);
      if (puce) puce.textContent = `Décision ${dit.numero}`;
    }
  }

  function separer(formulaire, dit, file, cle) {
    formulaire.dataset.note = dit.cle;
    if (file[cle]) {
      file[`note:${dit.cle}`] = { ...file[cle], champs: { ...file[cle].champs, cle: dit.cle, version: dit.version } };
      delete file[cle];
    }
    const avis = document.createElement("p");
    avis.className = "avis info";
    avis.textContent = "Quelqu’un d’autre écrivait ici\u202f: les deux textes sont gardés. Rechargez la page pour lire l’autre.";
    formulaire.before(avis);
    annoncer(avis.textContent);
  }

  function noter(formulaire) {
    mettre(`note:${formulaire.dataset.note}`, {
      champs: {
        quoi: "note", cle: formulaire.dataset.note, point: formulaire.elements.point.value,
        texte: formulaire.elements.texte.value, version: formulaire.dataset.version, onglet,
      },
    });
  }

  function pointer(formulaire) {
    mettre(`presence:${formulaire.dataset.presence}`, {
      champs: {
        quoi: "presence", convocation: formulaire.dataset.presence, present: formulaire.elements.present.checked ? "1" : "0",
        suppleant: formulaire.elements.suppleant.value,
      },
    });
    compter();
  }

  function compter() {
    const cases = [...ecran.querySelectorAll("[data-presence] [name=present]")];
    ecran.querySelector("[data-compte]").textContent = `${cases.filter((c) => c.checked).length} sur ${cases.length}`;
  }

  function decider(formulaire) {
    const champs = Object.fromEntries(new FormData(formulaire));
    delete champs.csrfmiddlewaretoken;
    if (!champs.texte.trim()) return;
    montrer(formulaire.closest("[data-point]").querySelector("[data-decisions]"), champs);
    formulaire.reset();
    formulaire.elements.saisie.value = crypto.randomUUID ? crypto.randomUUID() : uuid();
    formulaire.closest("details").open = false;
    mettre(`decision:${champs.saisie}`, { champs });
    annoncer("Décision notée.");
  }

  function uuid() {
    const o = crypto.getRandomValues(new Uint8Array(16));
    o[6] = (o[6] & 15) | 64;
    o[8] = (o[8] & 63) | 128;
    const h = [...o].map((b) => b.toString(16).padStart(2, "0")).join("");
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
  }

  function montrer(liste, champs) {
    if (liste.querySelector(`[data-saisie="${champs.saisie}"]`)) return;
    const puce = document.createElement("li");
    puce.dataset.saisie = champs.saisie;
    const fort = document.createElement("strong");
    fort.textContent = "Décision";
    puce.append(fort, ` ${champs.texte}`);
    liste.append(puce);
  }

  // What a page that was closed or cut had not sent comes back where it was typed.
  for (const saisie of Object.values(lire())) {
    const { quoi, cle, point, texte, convocation, present, suppleant } = saisie.champs;
    if (quoi === "note") {
      const formulaire = ecran.querySelector(`[data-note="${cle}"]`)
        || [...ecran.querySelectorAll(`[data-point="${point}"] [data-note]`)].find((f) => !f.elements.texte.value);
      if (formulaire) {
        formulaire.dataset.note = cle;
        formulaire.elements.texte.value = texte;
      }
    } else if (quoi === "presence") {
      const formulaire = ecran.querySelector(`[data-presence="${convocation}"]`);
      if (formulaire) {
        formulaire.elements.present.checked = present === "1";
        formulaire.elements.suppleant.value = suppleant;
      }
    } else if (quoi === "decision") {
      const liste = ecran.querySelector(`[data-point="${point}"] [data-decisions]`);
      if (liste) montrer(liste, saisie.champs);
    }
  }
  compter();

  for (const bouton of ecran.querySelectorAll(".sans-script")) bouton.hidden = true;
  ecran.addEventListener("input", (e) => {
    const note = e.target.closest("[data-note]");
    if (note) noter(note);
    else if (e.target.matches("[data-presence] input")) pointer(e.target.closest("[data-presence]"));
  });
  ecran.addEventListener("submit", (e) => {
    const formulaire = e.target;
    if (formulaire.matches("[data-note], [data-presence], [data-decision]")) e.preventDefault();
    if (formulaire.matches("[data-note]")) noter(formulaire);
    if (formulaire.matches("[data-presence]")) pointer(formulaire);
    if (formulaire.matches("[data-decision]")) decider(formulaire);
  });
  document.querySelector("[data-clore]")?.addEventListener("submit", (e) => {
    if (!Object.keys(lire()).length) return;
    e.preventDefault();
    vider();
    annoncer("Des saisies attendent encore d’être enregistrées.");
    etat.scrollIntoView({ block: "center" });
  });
  addEventListener("online", vider);
  addEventListener("beforeunload", (e) => Object.keys(lire()).length && e.preventDefault());

  // Time: the whole since the opening, and each item while it is the current one.
  const cleTemps = `${cleFile}-temps`;
  let temps = {};
  try {
    temps = JSON.parse(localStorage.getItem(cleTemps)) || {};
  } catch {
    temps = {};
  }
  const ouverte = Date.parse(ecran.dataset.ouverte);
  const enMinutes = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
  const passe = (t) => (t ? (t.cumul || 0) + (t.depuis ? Date.now() - t.depuis : 0) : 0);
  ecran.querySelector("[data-temps]").hidden = false;
  const points = [...ecran.querySelectorAll("[data-en-cours]")];
  for (const bouton of points) {
    const cle = bouton.closest("[data-point]").dataset.point;
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      const etait = temps[cle]?.depuis;
      for (const t of Object.values(temps)) Object.assign(t, { cumul: passe(t), depuis: 0 });
      if (!etait) temps[cle] = { cumul: temps[cle]?.cumul || 0, depuis: Date.now() };
      localStorage.setItem(cleTemps, JSON.stringify(temps));
      battre();
    });
  }
  function battre() {
    ecran.querySelector("[data-total]").textContent = enMinutes(Math.max(0, Date.now() - ouverte));
    for (const bouton of points) {
      const carte = bouton.closest("[data-point]");
      const t = temps[carte.dataset.point];
      const ms = passe(t);
      bouton.setAttribute("aria-pressed", String(Boolean(t?.depuis)));
      carte.classList.toggle("en-cours", Boolean(t?.depuis));
      const montre = carte.querySelector("[data-minuteur]");
      montre.textContent = ms ? enMinutes(ms) : "";
      montre.classList.toggle("depasse", ms > Number(carte.dataset.minutes) * 60000);
    }
  }
  setInterval(battre, 1000);
  battre();
  dire();
  vider();
}
